--liquibase formatted sql

--changeset mira:visits-of endDelimiter:// stripComments:false
DROP PROCEDURE IF EXISTS visits_of
//
CREATE PROCEDURE visits_of(IN who INT UNSIGNED)
BEGIN
  -- the newest first
  SELECT v.id, v.at, r.name FROM visits v LEFT JOIN rooms r ON r.id = v.room_id WHERE v.patient_id = who ORDER BY v.at DESC;
END
//
/* liquibase rollback
DROP PROCEDURE visits_of;
*/

--changeset mira:overdue-view runOnChange:true
CREATE OR REPLACE VIEW overdue AS
SELECT p.id, p.last_name, MAX(v.at) AS last_visit FROM patients p JOIN visits v ON v.patient_id = p.id
GROUP BY p.id, p.last_name HAVING MAX(v.at) < NOW() - INTERVAL 1 YEAR;
--rollback DROP VIEW overdue;
