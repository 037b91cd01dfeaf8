CREATE TABLE users (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_email text NOT NULL UNIQUE CHECK (user_email LIKE '%_@_%'),
    name       text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX users_email_domain ON users (split_part(user_email, '@', 2));
