ALTER TABLE tickets
  ADD COLUMN customer_email varchar(190) DEFAULT NULL AFTER subject,
  ADD INDEX ix_tickets_customer (customer_email);
