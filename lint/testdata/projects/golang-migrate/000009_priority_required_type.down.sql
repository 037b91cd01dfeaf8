ALTER TABLE tickets CHANGE COLUMN urgency priority tinyint NOT NULL DEFAULT 3;
