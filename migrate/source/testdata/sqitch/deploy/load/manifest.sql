-- Deploy ferry:load/manifest to pg
-- requires: boats
\echo loading for :'role'
BEGIN;
CREATE TABLE ferry.manifest (boat integer REFERENCES ferry.boats (id), item text NOT NULL);
GRANT SELECT ON ferry.manifest TO :"role";
COPY ferry.manifest (boat, item) FROM STDIN;
1	ropes
1	salt \N; pepper
\.
COMMIT;
