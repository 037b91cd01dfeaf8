-- Modify "bookings" table
ALTER TABLE `bookings` ADD COLUMN `price_cents` int NULL, ADD COLUMN `currency` char(3) NOT NULL DEFAULT "EUR";
-- Modify "rooms" table
ALTER TABLE `rooms` ADD COLUMN `price_cents` int NOT NULL DEFAULT 0;
