ALTER TABLE offers ADD COLUMN sold_at timestamp(6) without time zone;
ALTER TABLE offers ADD COLUMN buyer_email citext;
