ALTER TABLE shop.orders ALTER COLUMN placed_at TYPE TIMESTAMPTZ USING placed_at AT TIME ZONE 'Europe/Vienna';
