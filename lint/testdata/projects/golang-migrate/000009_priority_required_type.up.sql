ALTER TABLE tickets CHANGE COLUMN priority urgency smallint NOT NULL DEFAULT 3;
