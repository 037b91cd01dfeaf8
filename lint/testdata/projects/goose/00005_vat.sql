-- +goose Up
ALTER TABLE invoices
    ADD COLUMN vat_cents integer NOT NULL DEFAULT 0,
    ADD COLUMN vat_rate  numeric(5, 2);
ALTER TABLE accounts ADD COLUMN vat_id text;

-- +goose Down
ALTER TABLE accounts DROP COLUMN vat_id;
ALTER TABLE invoices DROP COLUMN vat_rate, DROP COLUMN vat_cents;
