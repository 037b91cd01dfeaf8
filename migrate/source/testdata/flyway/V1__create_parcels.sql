CREATE TABLE parcels (
    id        bigint PRIMARY KEY,
    weight_g  integer NOT NULL CHECK (weight_g > 0),
    sent_at   timestamptz
);
