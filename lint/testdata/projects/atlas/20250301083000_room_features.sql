-- Modify "rooms" table
ALTER TABLE `rooms` ADD COLUMN `features` json NULL, ADD COLUMN `floor` smallint NULL;
-- Create index "rooms_floor" to table: "rooms"
CREATE INDEX `rooms_floor` ON `rooms` (`floor`) ALGORITHM=INPLACE LOCK=NONE;
