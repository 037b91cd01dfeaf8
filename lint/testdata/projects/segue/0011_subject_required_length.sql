ALTER TABLE threads ALTER COLUMN subject TYPE varchar(300);
