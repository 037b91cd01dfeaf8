-- atlas:nolint MY112

-- Modify "bookings" table
ALTER TABLE `bookings` MODIFY COLUMN `state` enum("asked","booked","checked_in","cancelled") NOT NULL DEFAULT "asked", ADD COLUMN `cancel_reason` text NULL;
