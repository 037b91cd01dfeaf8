CREATE INDEX CONCURRENTLY trails_name ON trails (name);
