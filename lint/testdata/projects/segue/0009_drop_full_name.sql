-- segue:allow drop-column desk 3.1 was the last to show it
-- segue:plan off
ALTER TABLE users DROP COLUMN full_name;
