CREATE TABLE ticket_notes (
    id        bigserial PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets (id),
    body      text NOT NULL
);
ALTER TABLE tickets ADD COLUMN note_count integer NOT NULL DEFAULT 0;
