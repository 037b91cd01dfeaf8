-- Verify catalogue:appschema on pg

SELECT pg_catalog.has_schema_privilege('catalogue', 'usage');
