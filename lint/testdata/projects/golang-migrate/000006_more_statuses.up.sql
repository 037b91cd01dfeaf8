-- 'on_hold' belongs between pending and solved in the drop-down list.
ALTER TABLE tickets MODIFY COLUMN status enum('new','open','pending','on_hold','solved') NOT NULL DEFAULT 'new';
