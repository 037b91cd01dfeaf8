--liquibase formatted sql

--changeset mira:patients
--comment: Everybody who was ever here
CREATE TABLE patients (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  last_name VARCHAR(100) NOT NULL,
  first_name VARCHAR(100) NOT NULL,
  born DATE NOT NULL,
  insurance_no VARCHAR(20)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--rollback DROP TABLE patients;

--changeset mira:patients-name-index
CREATE INDEX patients_name ON patients (last_name, first_name);
--rollback DROP INDEX patients_name ON patients;

--changeset jon:insurance-unique
--preconditions onFail:HALT onError:HALT
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM (SELECT insurance_no FROM patients GROUP BY insurance_no HAVING COUNT(*) > 1) d
ALTER TABLE patients ADD CONSTRAINT patients_insurance UNIQUE (insurance_no);
--rollback ALTER TABLE patients DROP INDEX patients_insurance;
