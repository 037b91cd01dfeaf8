-- +goose Up
ALTER TABLE invoices RENAME COLUMN cents TO net_cents;

-- +goose Down
ALTER TABLE invoices RENAME COLUMN net_cents TO cents;
