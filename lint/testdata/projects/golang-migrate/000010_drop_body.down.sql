ALTER TABLE tickets ADD COLUMN body mediumtext;
