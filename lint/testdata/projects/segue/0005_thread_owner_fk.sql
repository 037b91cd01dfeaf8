ALTER TABLE threads ADD CONSTRAINT threads_owner_fk FOREIGN KEY (owner_id) REFERENCES users (id);
