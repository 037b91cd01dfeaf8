CREATE TABLE users (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_email text NOT NULL UNIQUE,
	name text
);
