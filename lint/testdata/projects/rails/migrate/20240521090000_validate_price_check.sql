ALTER TABLE offers VALIDATE CONSTRAINT price_not_negative;
