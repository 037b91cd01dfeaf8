CREATE INDEX CONCURRENTLY matches_started_at ON matches (started_at DESC);
