CREATE TABLE tags (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(60) NOT NULL UNIQUE
);
CREATE TABLE ticket_tags (
  ticket_id bigint unsigned NOT NULL,
  tag_id int unsigned NOT NULL,
  PRIMARY KEY (ticket_id, tag_id),
  KEY ix_ticket_tags_tag (tag_id),
  CONSTRAINT fk_ticket_tags_ticket FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
  CONSTRAINT fk_ticket_tags_tag FOREIGN KEY (tag_id) REFERENCES tags (id)
);
