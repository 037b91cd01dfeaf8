-- Balances never fall below the overdraft that was agreed.
-- +goose Up
ALTER TABLE accounts ADD COLUMN overdraft numeric(18, 2);

-- +goose StatementBegin
CREATE FUNCTION guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance < -coalesce(NEW.overdraft, 0) THEN
        RAISE EXCEPTION 'account % is overdrawn', NEW.id;
    END IF;
    RETURN NEW;
END;
$$
-- +goose StatementEnd

CREATE TRIGGER guard_balance BEFORE UPDATE ON accounts
    FOR EACH ROW EXECUTE FUNCTION guard_balance();

-- +goose Down
DROP TRIGGER guard_balance ON accounts;
-- +goose StatementBegin
DROP FUNCTION guard_balance();
-- +goose StatementEnd
ALTER TABLE accounts DROP COLUMN overdraft;
