-- Revert catalogue:reader_cards from pg

BEGIN;

ALTER TABLE catalogue.loans RENAME COLUMN reader_name TO reader;
ALTER TABLE catalogue.loans DROP COLUMN card;
DROP TABLE catalogue.cards;

COMMIT;
