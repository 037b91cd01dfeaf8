-- Revert catalogue:roles from pg

BEGIN;

REVOKE ALL ON catalogue.loans FROM desk;
REVOKE USAGE ON SCHEMA catalogue FROM desk;

COMMIT;
