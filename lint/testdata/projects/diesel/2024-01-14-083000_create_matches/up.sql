CREATE TABLE matches (
    id BIGSERIAL PRIMARY KEY,
    white UUID NOT NULL REFERENCES players (id),
    black UUID NOT NULL REFERENCES players (id),
    result SMALLINT CHECK (result IN (-1, 0, 1)),
    moves TEXT NOT NULL DEFAULT '',
    started_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    CHECK (white <> black)
);
CREATE INDEX matches_white ON matches (white);
CREATE INDEX matches_black ON matches (black);
