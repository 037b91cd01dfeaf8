ALTER TABLE tickets DROP COLUMN note_count;
DROP TABLE ticket_notes;
