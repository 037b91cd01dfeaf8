-- Deploy catalogue:search to pg
-- requires: search@v1.1.0
-- requires: isbn13

BEGIN;

CREATE OR REPLACE FUNCTION catalogue.search(words TEXT)
RETURNS SETOF catalogue.books LANGUAGE SQL STABLE AS $$
    SELECT * FROM catalogue.books
    WHERE to_tsvector('simple', title) @@ plainto_tsquery('simple', words)
       OR isbn = words;
$$;

COMMIT;
