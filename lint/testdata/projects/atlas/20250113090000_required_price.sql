-- atlas:txtar

-- checks/no_null_price.sql --
SELECT NOT EXISTS (SELECT 1 FROM `bookings` WHERE `price_cents` IS NULL) AS `priced`;

-- migration.sql --
-- Modify "bookings" table
ALTER TABLE `bookings` MODIFY COLUMN `price_cents` int NOT NULL;

-- down.sql --
ALTER TABLE `bookings` MODIFY COLUMN `price_cents` int NULL;
