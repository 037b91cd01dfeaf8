ALTER TABLE tickets MODIFY COLUMN status enum('new','open','pending','solved') NOT NULL DEFAULT 'new';
