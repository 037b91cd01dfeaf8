-- Deploy catalogue:loan_limits to pg
-- requires: loans

BEGIN;

ALTER TABLE catalogue.loans ADD CONSTRAINT at_most_a_year CHECK (due <= since + 365);

COMMIT;
