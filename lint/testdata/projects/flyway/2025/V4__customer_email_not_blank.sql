SET LOCAL lock_timeout = '2s';
ALTER TABLE shop.customers ADD CONSTRAINT email_not_blank CHECK (email <> '') NOT VALID;
