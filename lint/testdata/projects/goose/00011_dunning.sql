-- +goose Up
CREATE TABLE dunning_runs (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ran_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE invoices ADD COLUMN dunning_run_id bigint;
ALTER TABLE invoices
    ADD CONSTRAINT invoices_dunning_run_fk FOREIGN KEY (dunning_run_id) REFERENCES dunning_runs (id) NOT VALID;

-- +goose Down
ALTER TABLE invoices DROP COLUMN dunning_run_id;
DROP TABLE dunning_runs;
