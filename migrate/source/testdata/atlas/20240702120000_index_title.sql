-- atlas:txmode none
-- atlas:nolint PG101

-- Create index "films_title" to table: "films"
CREATE INDEX CONCURRENTLY "films_title" ON "films" ("title");
