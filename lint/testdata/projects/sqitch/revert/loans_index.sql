-- Revert catalogue:loans_index from pg

DROP INDEX CONCURRENTLY catalogue.loans_due;
