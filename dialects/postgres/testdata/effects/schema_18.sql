-- What only 18 has, and the parser does not read.
ALTER TABLE posts ADD CONSTRAINT posts_body NOT NULL body NOT VALID;
ALTER TABLE posts ADD CONSTRAINT posts_soft CHECK (body <> 'x') NOT ENFORCED;
CREATE TABLE things (id int PRIMARY KEY);
INSERT INTO things SELECT generate_series(1, 1000);
CREATE TABLE doubled (id int CONSTRAINT doubled_thing REFERENCES things NOT ENFORCED, twice int GENERATED ALWAYS AS (id * 2) VIRTUAL);
INSERT INTO doubled SELECT i FROM generate_series(1, 1000) i;
