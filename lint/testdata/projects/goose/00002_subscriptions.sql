-- +goose Up
CREATE TYPE subscription_state AS ENUM ('trial', 'active', 'past_due', 'cancelled');

CREATE TABLE subscriptions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    plan_code   text NOT NULL REFERENCES plans (code),
    state       subscription_state NOT NULL DEFAULT 'trial',
    renews_at   timestamptz,
    CONSTRAINT one_per_account UNIQUE (account_id)
);
CREATE INDEX subscriptions_renews_at ON subscriptions (renews_at) WHERE state IN ('active', 'past_due');

-- +goose Down
DROP TABLE subscriptions;
DROP TYPE subscription_state;
