--liquibase formatted sql

--changeset mira:visits
CREATE TABLE rooms (id INT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE visits (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  patient_id INT UNSIGNED NOT NULL,
  room_id INT NULL,
  at DATETIME NOT NULL,
  notes TEXT,
  PRIMARY KEY (id),
  KEY visits_patient (patient_id),
  CONSTRAINT visits_patient_fk FOREIGN KEY (patient_id) REFERENCES patients (id),
  CONSTRAINT visits_room_fk FOREIGN KEY (room_id) REFERENCES rooms (id)
) ENGINE=InnoDB;
--rollback DROP TABLE visits;
--rollback DROP TABLE rooms;

--changeset mira:rooms-data
INSERT INTO rooms (id, name) VALUES (1, 'Treatment 1'), (2, 'Treatment 2; upstairs');
--rollback DELETE FROM rooms WHERE id IN (1, 2);

--changeset jon:visits-oracle dbms:oracle
CREATE INDEX visits_at ON visits (at) ONLINE;

--changeset jon:visits-at dbms:mariadb,mysql
ALTER TABLE visits ADD INDEX visits_at (at), ALGORITHM=INPLACE, LOCK=NONE;
--rollback ALTER TABLE visits DROP INDEX visits_at;
