ALTER TABLE offers RENAME TO listings;
