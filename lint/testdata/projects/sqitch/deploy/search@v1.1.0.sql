-- Deploy catalogue:search to pg
-- requires: books

BEGIN;

CREATE FUNCTION catalogue.search(words TEXT)
RETURNS SETOF catalogue.books LANGUAGE SQL STABLE AS $$
    SELECT * FROM catalogue.books
    WHERE to_tsvector('simple', title) @@ plainto_tsquery('simple', words);
$$;

COMMIT;
