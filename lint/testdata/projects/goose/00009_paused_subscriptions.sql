-- +goose NO TRANSACTION
-- +goose Up
ALTER TYPE subscription_state ADD VALUE IF NOT EXISTS 'paused' AFTER 'past_due';

-- +goose Down
SELECT 'a value of an enum cannot be taken out again';
