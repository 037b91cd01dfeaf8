-- Modify "guests" table
ALTER TABLE `guests` ADD UNIQUE INDEX `guests_email` (`email`);
