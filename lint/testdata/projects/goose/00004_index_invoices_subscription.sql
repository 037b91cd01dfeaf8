-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_subscription_id ON invoices (subscription_id);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS invoices_subscription_id;
