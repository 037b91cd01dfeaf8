-- atlas:txtar

-- checks/empty.sql --
SELECT NOT EXISTS (SELECT 1 FROM films WHERE title = '');

-- migration.sql --
ALTER TABLE "films" ADD COLUMN "rating" smallint;

-- down.sql --
ALTER TABLE "films" DROP COLUMN "rating";
