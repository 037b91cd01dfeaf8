ALTER TABLE shop.customers DROP COLUMN name, DROP COLUMN first_name, DROP COLUMN last_name;
