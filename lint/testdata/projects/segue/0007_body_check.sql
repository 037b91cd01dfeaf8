ALTER TABLE messages ADD CONSTRAINT body_not_blank CHECK (body <> '');
