-- +goose Up
-- Invoices are numbered without gaps, so the number comes from a row that is locked, not from a sequence.
CREATE TABLE invoice_counter (
    year  smallint PRIMARY KEY,
    last  integer NOT NULL DEFAULT 0
);

CREATE TABLE invoices (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number          text NOT NULL UNIQUE,
    subscription_id bigint NOT NULL REFERENCES subscriptions (id),
    cents           integer NOT NULL,
    currency        char(3) NOT NULL,
    issued_at       timestamptz NOT NULL DEFAULT now(),
    paid_at         timestamptz
);

-- +goose StatementBegin
CREATE FUNCTION next_invoice_number() RETURNS text LANGUAGE plpgsql AS $fn$
DECLARE
    y smallint := extract(year FROM now());
    n integer;
BEGIN
    INSERT INTO invoice_counter (year, last) VALUES (y, 1)
    ON CONFLICT (year) DO UPDATE SET last = invoice_counter.last + 1
    RETURNING last INTO n;
    RETURN format('%s-%s', y, lpad(n::text, 6, '0'));
END;
$fn$;
-- +goose StatementEnd

ALTER TABLE invoices ALTER COLUMN number SET DEFAULT next_invoice_number();

-- +goose Down
DROP TABLE invoices;
DROP FUNCTION next_invoice_number();
DROP TABLE invoice_counter;
