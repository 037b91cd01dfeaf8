ALTER TABLE shop.customers ADD COLUMN name VARCHAR(161) GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED;
