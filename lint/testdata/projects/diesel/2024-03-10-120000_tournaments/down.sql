ALTER TABLE matches DROP COLUMN tournament_id;
DROP TABLE tournaments;
