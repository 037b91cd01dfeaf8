-- +goose Up
UPDATE accounts SET country = 'DE' WHERE country IS NULL;
ALTER TABLE accounts ALTER COLUMN country SET NOT NULL;

-- +goose Down
ALTER TABLE accounts ALTER COLUMN country DROP NOT NULL;
