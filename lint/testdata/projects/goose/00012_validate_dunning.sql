-- +goose Up
ALTER TABLE invoices VALIDATE CONSTRAINT invoices_dunning_run_fk;

-- +goose Down
-- Nothing: a constraint that is valid may stay so.
SELECT 1;
