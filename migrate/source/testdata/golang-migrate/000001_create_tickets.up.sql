BEGIN;
CREATE TYPE ticket_state AS ENUM ('open', 'waiting', 'closed');
CREATE TABLE tickets (
    id       bigserial PRIMARY KEY,
    subject  text NOT NULL,
    state    ticket_state NOT NULL DEFAULT 'open',
    due_on   date
);
COMMIT;
