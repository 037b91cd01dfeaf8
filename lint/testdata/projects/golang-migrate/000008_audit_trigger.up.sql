CREATE TABLE ticket_events (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  ticket_id bigint unsigned NOT NULL,
  what varchar(40) NOT NULL,
  at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  KEY ix_ticket_events_ticket (ticket_id)
);
CREATE TRIGGER tickets_au AFTER UPDATE ON tickets FOR EACH ROW
BEGIN
  IF NOT (OLD.status <=> NEW.status) THEN
    INSERT INTO ticket_events (ticket_id, what) VALUES (NEW.id, CONCAT('status ', OLD.status, ' > ', NEW.status));
  END IF;
  IF NOT (OLD.agent_id <=> NEW.agent_id) THEN
    INSERT INTO ticket_events (ticket_id, what) VALUES (NEW.id, 'agent');
  END IF;
END;
