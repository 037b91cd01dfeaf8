CREATE TABLE users (
    id bigint PRIMARY KEY,
    user_email text NOT NULL
);
-- segue:down
DROP TABLE users;
