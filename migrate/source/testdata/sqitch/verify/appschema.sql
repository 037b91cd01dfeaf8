-- Verify ferry:appschema on pg
DO $$ BEGIN
    ASSERT (SELECT has_schema_privilege('ferry', 'usage'));
END $$;
