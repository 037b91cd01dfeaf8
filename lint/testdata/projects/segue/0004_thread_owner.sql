ALTER TABLE threads ADD COLUMN owner_id bigint;
