ALTER TABLE tickets DROP INDEX ix_tickets_customer, DROP COLUMN customer_email;
