CREATE TYPE thread_state AS ENUM ('open', 'waiting', 'closed');

CREATE TABLE threads (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id   bigint NOT NULL REFERENCES users,
    subject   text NOT NULL,
    state     thread_state NOT NULL DEFAULT 'open',
    opened_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX threads_user ON threads (user_id);

CREATE TABLE messages (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread_id bigint NOT NULL REFERENCES threads,
    body      text NOT NULL,
    at        timestamptz NOT NULL DEFAULT now()
);

-- segue:down
DROP TABLE messages;
DROP TABLE threads;
DROP TYPE thread_state;
