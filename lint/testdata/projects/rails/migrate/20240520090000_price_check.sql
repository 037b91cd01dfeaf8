ALTER TABLE offers ADD CONSTRAINT price_not_negative CHECK (price_cents >= 0) NOT VALID;
