CREATE TABLE tournaments (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL,
    starts DATE NOT NULL
);
ALTER TABLE matches ADD COLUMN tournament_id INTEGER;
ALTER TABLE matches ADD CONSTRAINT matches_tournament_fk FOREIGN KEY (tournament_id) REFERENCES tournaments (id);
