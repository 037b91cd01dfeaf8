CREATE TABLE stops (
    parcel_id bigint NOT NULL REFERENCES parcels (id),
    nr        smallint NOT NULL,
    depot     text NOT NULL,
    PRIMARY KEY (parcel_id, nr)
);
CREATE FUNCTION next_stop(p bigint) RETURNS smallint LANGUAGE sql
BEGIN ATOMIC
    SELECT max(nr) + 1 FROM stops WHERE parcel_id = p;
END;
