-- Deploy catalogue:reader_cards to pg
-- requires: appschema

BEGIN;

CREATE TABLE catalogue.cards (
    number TEXT PRIMARY KEY,
    name   TEXT NOT NULL
);
ALTER TABLE catalogue.loans ADD COLUMN card TEXT;
ALTER TABLE catalogue.loans ADD CONSTRAINT loans_card FOREIGN KEY (card) REFERENCES catalogue.cards (number);
ALTER TABLE catalogue.loans RENAME COLUMN reader TO reader_name;

COMMIT;
