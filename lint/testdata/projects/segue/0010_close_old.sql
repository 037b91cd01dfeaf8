UPDATE threads SET state = 'closed' WHERE state = 'waiting' AND opened_at < '2025-01-01';
