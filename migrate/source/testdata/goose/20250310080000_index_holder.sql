-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY accounts_holder ON accounts (holder);
-- +goose Down
DROP INDEX CONCURRENTLY accounts_holder;
