CREATE TABLE players (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    nick VARCHAR(24) NOT NULL UNIQUE,
    rating INTEGER NOT NULL DEFAULT 1200,
    updated_at TIMESTAMP NOT NULL DEFAULT NOW()
);

SELECT diesel_manage_updated_at('players');
