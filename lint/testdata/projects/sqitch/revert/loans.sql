-- Revert catalogue:loans from pg

BEGIN;

DROP TABLE catalogue.loans;

COMMIT;
