-- Deploy catalogue:loans_index to pg
-- requires: loans

SET lock_timeout = '5s';

CREATE INDEX CONCURRENTLY loans_due ON catalogue.loans (due) WHERE returned IS NULL;
