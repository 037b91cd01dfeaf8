ALTER TABLE parcels ADD COLUMN carrier text;
CREATE INDEX CONCURRENTLY parcels_carrier ON parcels (carrier);
