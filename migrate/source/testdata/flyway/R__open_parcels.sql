CREATE OR REPLACE VIEW open_parcels AS
    SELECT id, carrier FROM parcels WHERE sent_at IS NULL;
