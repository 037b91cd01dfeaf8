CREATE INDEX messages_thread ON messages (thread_id, at);
