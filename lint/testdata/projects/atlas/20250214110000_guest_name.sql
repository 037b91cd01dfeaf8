-- Rename a column from "full_name" to "name"
ALTER TABLE `guests` RENAME COLUMN `full_name` TO `name`;
