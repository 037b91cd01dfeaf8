-- A schema that is read both ways: replayed from this text, and inspected on a server that ran it.
CREATE SCHEMA shop;
CREATE SCHEMA "Große Welt";

CREATE TYPE shop.mood AS ENUM ('glad', 'sad', 'so so');
ALTER TYPE shop.mood ADD VALUE 'it''s fine' BEFORE 'sad';
CREATE TYPE shop.address AS (street text, zip varchar(10));
CREATE DOMAIN shop.positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN shop.word AS text NOT NULL;

CREATE TABLE users (
    id         bigserial PRIMARY KEY,
    user_email varchar(200) NOT NULL UNIQUE,
    "Full Name" text COLLATE "C" DEFAULT 'nobody',
    naïve      char(4),
    age        smallint CHECK (age > 0 AND age < 200),
    balance    numeric(12, 2) DEFAULT 0 NOT NULL,
    tags       text[],
    seen_at    timestamp(3) with time zone DEFAULT now(),
    mood       shop.mood DEFAULT 'glad',
    score      shop.positive,
    CONSTRAINT users_sane CHECK (user_email <> '' OR balance = 0)
);

CREATE TABLE "Große Welt"."Zähler" (
    "Nr"   integer GENERATED ALWAYS AS IDENTITY,
    "Wert" double precision,
    doubled double precision GENERATED ALWAYS AS ("Wert" * 2) STORED,
    PRIMARY KEY ("Nr")
);

CREATE TABLE shop.orders (
    region   integer NOT NULL,
    id       integer NOT NULL,
    user_id  bigint REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    placed   date NOT NULL,
    note     text,
    CONSTRAINT orders_pkey PRIMARY KEY (region, id)
);
CREATE TABLE shop.lines (
    region   integer,
    order_id integer,
    line     integer,
    price    numeric(10, 2),
    PRIMARY KEY (region, order_id, line),
    CONSTRAINT lines_of FOREIGN KEY (region, order_id) REFERENCES shop.orders (region, id) MATCH SIMPLE ON UPDATE CASCADE
);
ALTER TABLE shop.lines ADD CONSTRAINT price_known CHECK (price IS NOT NULL) NOT VALID;

CREATE TABLE events (
    at   timestamptz NOT NULL,
    kind text NOT NULL,
    body jsonb,
    PRIMARY KEY (at, kind)
) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_kind ON events (kind);

CREATE INDEX users_lower ON users (lower(user_email));
CREATE UNIQUE INDEX "Users Adult" ON users (naïve DESC NULLS LAST, "Full Name" text_pattern_ops) INCLUDE (balance) WHERE age >= 18;
CREATE INDEX users_tags ON users USING gin (tags);

CREATE SEQUENCE shop.numbers;
CREATE VIEW shop.adults AS SELECT id, user_email AS email FROM users WHERE age >= 18;
CREATE MATERIALIZED VIEW totals AS SELECT l.region, sum(l.price) AS total FROM shop.lines l GROUP BY l.region;

CREATE TABLE renamed_later (a integer, b text);
ALTER TABLE renamed_later RENAME TO renamed;
ALTER TABLE renamed RENAME COLUMN b TO bee;
ALTER TABLE renamed ALTER COLUMN a TYPE bigint, ALTER COLUMN a SET DEFAULT 7, ALTER COLUMN a SET NOT NULL, ADD COLUMN c date, DROP COLUMN bee;
CREATE TABLE gone (a integer);
DROP TABLE gone;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen_at := now(); RETURN NEW; END $$;
CREATE TRIGGER "Touch it" BEFORE INSERT OR UPDATE OF age, balance ON users
    FOR EACH ROW WHEN (NEW.mood IS NOT NULL) EXECUTE FUNCTION touch();
CREATE TRIGGER cleared AFTER TRUNCATE ON users EXECUTE FUNCTION touch();
CREATE TRIGGER each_event AFTER DELETE ON events FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_region ON shop.orders USING (region = 1) WITH CHECK (note IS NOT NULL);
CREATE STATISTICS shop.together (dependencies) ON region, placed FROM shop.orders;
COMMENT ON COLUMN users.age IS 'in years';
ALTER TABLE users ALTER COLUMN user_email SET STATISTICS 400, REPLICA IDENTITY FULL;

ALTER TABLE shop.lines RENAME CONSTRAINT lines_of TO "Lines of";
ALTER TABLE shop.lines DROP CONSTRAINT price_known;
ALTER INDEX users_lower RENAME TO users_by_lower;
CREATE TABLE events_2024 (at timestamptz NOT NULL, kind text NOT NULL, body jsonb);
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');
CREATE TABLE alike (LIKE shop.lines INCLUDING DEFAULTS INCLUDING CONSTRAINTS, extra integer DEFAULT 1 + 2);
CREATE UNIQUE INDEX alike_extra ON alike (extra);
ALTER TABLE alike ADD CONSTRAINT alike_key UNIQUE USING INDEX alike_extra;
ALTER TYPE shop.address RENAME TO addresses;
ALTER TABLE renamed SET SCHEMA shop;
