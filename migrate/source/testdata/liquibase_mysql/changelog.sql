--liquibase formatted sql

--changeset cleo:rooms
CREATE TABLE rooms (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  beds TINYINT NOT NULL
) ENGINE=InnoDB;
--rollback DROP TABLE rooms;

--changeset cleo:beds-trigger endDelimiter:/ 
CREATE TRIGGER rooms_beds BEFORE INSERT ON rooms FOR EACH ROW
BEGIN
  IF NEW.beds = 0 THEN
    SET NEW.beds = 8 / 4;
  END IF;
END
/
--rollback DROP TRIGGER rooms_beds
