CREATE INDEX ON users (age);
CREATE INDEX i ON users (lower(email));
CREATE UNIQUE INDEX ON users (id, age);
CREATE INDEX ON users (age) WHERE age > 5;
CREATE INDEX ON users USING hash (age);
CREATE INDEX ON users USING brin (age);
CREATE INDEX ON users (age) INCLUDE (note);
CREATE INDEX IF NOT EXISTS users_by_age ON users (age);
CREATE INDEX IF NOT EXISTS users_by_age_too ON users (age);
CREATE INDEX ON ages (age);
CREATE INDEX ON base (word);
CREATE INDEX ON events (n);
CREATE INDEX ON ONLY events (n);
CREATE INDEX ON events_2 (n);
CREATE INDEX ON events_1 (n);
CREATE UNIQUE INDEX ON plan_of (id, at);
CREATE INDEX CONCURRENTLY ON users (age);
CREATE UNIQUE INDEX CONCURRENTLY ON users (id, age);
CREATE INDEX CONCURRENTLY i ON ages (age);
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_by_age ON users (age);
CREATE INDEX CONCURRENTLY ON events_1 (n);

DROP INDEX users_by_age;
DROP INDEX users_by_age, users_by_nick;
DROP INDEX users_by_age, ages_id;
DROP INDEX ages_id;
DROP INDEX events_by_id;
DROP INDEX events_word;
DROP INDEX CONCURRENTLY users_by_age;
DROP INDEX CONCURRENTLY IF EXISTS users_by_nick;
DROP INDEX CONCURRENTLY ages_id;

-- It could be a materialized view's, whose indexes are not kept.
-- cautious
DROP INDEX IF EXISTS zzz;

ALTER INDEX users_by_age RENAME TO x;
ALTER TABLE users_by_age RENAME TO x;
ALTER INDEX ages_id RENAME TO x;
ALTER INDEX users_by_age SET (fillfactor = 70);
ALTER INDEX users_by_age RESET (fillfactor);
ALTER INDEX users_by_age SET TABLESPACE spare;
ALTER INDEX users_by_nick ALTER COLUMN 1 SET STATISTICS 50;
ALTER INDEX events_word ATTACH PARTITION events_1_word;
ALTER INDEX users_by_age DEPENDS ON EXTENSION plpgsql;
ALTER INDEX events_by_id RENAME TO x;

REINDEX INDEX users_by_age;
REINDEX TABLE users;
REINDEX (VERBOSE) TABLE teams;
REINDEX TABLE plain;
REINDEX INDEX ages_id;
REINDEX TABLE ages;
REINDEX INDEX CONCURRENTLY users_by_age;
REINDEX TABLE CONCURRENTLY users;
REINDEX TABLE CONCURRENTLY ages;
REINDEX (CONCURRENTLY) TABLE teams;
REINDEX TABLE events;
REINDEX INDEX events_by_id;
REINDEX TABLE CONCURRENTLY events;
REINDEX INDEX CONCURRENTLY events_by_id;
REINDEX SCHEMA attic;
REINDEX SCHEMA CONCURRENTLY attic;

-- since 16
REINDEX DATABASE;
REINDEX DATABASE CONCURRENTLY;
