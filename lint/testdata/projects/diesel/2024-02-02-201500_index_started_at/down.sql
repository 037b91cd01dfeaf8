DROP INDEX CONCURRENTLY matches_started_at;
