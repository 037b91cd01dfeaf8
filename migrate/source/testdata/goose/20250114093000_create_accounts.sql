-- +goose Up
CREATE TABLE accounts (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holder      text NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    balance     numeric(18, 2) NOT NULL DEFAULT 0
);
CREATE INDEX accounts_opened_at ON accounts (opened_at);

-- +goose Down
DROP TABLE accounts;
