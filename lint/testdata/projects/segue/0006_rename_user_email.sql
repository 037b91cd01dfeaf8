-- segue:soak 24h
ALTER TABLE users RENAME COLUMN user_email TO email;
