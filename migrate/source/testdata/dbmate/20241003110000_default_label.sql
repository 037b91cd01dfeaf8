--migrate:up
ALTER TABLE sensors ALTER COLUMN label SET DEFAULT 'unnamed';
UPDATE sensors SET label = 'unnamed' WHERE label = '';
--migrate:down
ALTER TABLE sensors ALTER COLUMN label DROP DEFAULT;
