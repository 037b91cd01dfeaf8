CREATE INDEX CONCURRENTLY tickets_due_on ON tickets (due_on) WHERE state <> 'closed';
