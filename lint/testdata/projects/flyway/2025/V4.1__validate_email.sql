ALTER TABLE shop.customers VALIDATE CONSTRAINT email_not_blank;
