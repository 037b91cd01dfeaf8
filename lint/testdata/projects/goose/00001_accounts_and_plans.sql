-- +goose Up
CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE TABLE accounts (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email       text NOT NULL,
    name        text NOT NULL DEFAULT '',
    country     char(2),
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_email_key ON accounts (lower(email));

CREATE TABLE plans (
    code        text PRIMARY KEY,
    title       text NOT NULL,
    cents       integer NOT NULL CHECK (cents >= 0),
    currency    char(3) NOT NULL DEFAULT 'EUR'
);

INSERT INTO plans (code, title, cents) VALUES
    ('free', 'Free', 0),
    ('team', 'Team', 1900),
    ('org',  'Organisation; invoiced yearly', 19900);

-- +goose Down
DROP TABLE plans;
DROP TABLE accounts;
