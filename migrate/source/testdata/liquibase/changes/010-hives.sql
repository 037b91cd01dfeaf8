--liquibase formatted sql

--changeset anna:hives context:"main"
--comment: one row for each hive
CREATE TABLE hives (
    id     integer PRIMARY KEY,
    queen  text NOT NULL
);
--rollback DROP TABLE hives;

--changeset anna:hive-index runInTransaction:false
CREATE INDEX CONCURRENTLY hives_queen ON hives (queen);
--rollback DROP INDEX CONCURRENTLY hives_queen;

--changeset ben:swarm splitStatements:false
CREATE FUNCTION swarm() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM hives WHERE queen = '';
    RETURN 1;
END $$;
/* liquibase rollback
DROP FUNCTION swarm();
*/
