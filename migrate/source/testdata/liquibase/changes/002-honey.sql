--liquibase formatted sql
--property name:table.honey value:honey

--changeset anna:honey endDelimiter://
--preconditions onFail:HALT
--precondition-sql-check expectedResult:0 SELECT count(*) FROM hives WHERE queen = ''
CREATE TABLE ${table.honey} (hive integer REFERENCES hives (id), grams integer)//
COMMENT ON TABLE ${table.honey} IS 'see https://example.com/honey'//
--rollback DROP TABLE ${table.honey};

--changeset ben:grams-positive dbms:postgresql
ALTER TABLE honey ADD CONSTRAINT grams_positive CHECK (grams > 0) NOT VALID;
ALTER TABLE honey VALIDATE CONSTRAINT grams_positive;
--rollback not required

--changeset ben:grams-h2 dbms:h2
ALTER TABLE honey ALTER COLUMN grams SET INVISIBLE;
