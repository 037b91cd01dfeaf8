CREATE INDEX CONCURRENTLY stops_depot ON stops (depot);
