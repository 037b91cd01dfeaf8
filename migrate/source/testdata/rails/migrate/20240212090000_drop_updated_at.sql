ALTER TABLE invoices DROP COLUMN updated_at;
