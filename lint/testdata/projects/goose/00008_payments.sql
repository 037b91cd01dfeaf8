-- +goose Up
CREATE TABLE payments (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id  bigint NOT NULL REFERENCES invoices (id),
    provider    text NOT NULL CHECK (provider IN ('stripe', 'sepa', 'manual')),
    reference   text NOT NULL,
    cents       integer NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    payload     jsonb
);
CREATE INDEX payments_invoice_id ON payments (invoice_id);

-- +goose StatementBegin
CREATE FUNCTION mark_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invoices i SET paid_at = NEW.received_at
    WHERE i.id = NEW.invoice_id AND i.paid_at IS NULL
      AND (SELECT sum(p.cents) FROM payments p WHERE p.invoice_id = i.id) >= i.cents + i.vat_cents;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER payments_mark_paid AFTER INSERT ON payments FOR EACH ROW EXECUTE FUNCTION mark_paid();

-- +goose Down
DROP TABLE payments;
DROP FUNCTION mark_paid();
