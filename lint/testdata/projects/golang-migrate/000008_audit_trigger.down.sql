DROP TRIGGER tickets_au;
DROP TABLE ticket_events;
