-- Revert catalogue:loan_limits from pg

BEGIN;

ALTER TABLE catalogue.loans DROP CONSTRAINT at_most_a_year;

COMMIT;
