--liquibase formatted sql

--changeset jon:phone context:prod labels:"v2"
ALTER TABLE patients ADD COLUMN phone VARCHAR(30) NOT NULL DEFAULT '';
--rollback ALTER TABLE patients DROP COLUMN phone;

--changeset jon:notes-long
ALTER TABLE visits MODIFY notes MEDIUMTEXT;
--rollback empty

--changeset mira:patients-bigint
ALTER TABLE visits DROP FOREIGN KEY visits_patient_fk;
ALTER TABLE patients MODIFY id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT;
ALTER TABLE visits MODIFY patient_id BIGINT UNSIGNED NOT NULL;
ALTER TABLE visits ADD CONSTRAINT visits_patient_fk FOREIGN KEY (patient_id) REFERENCES patients (id);
--rollback not required

--changeset mira:drop-insurance
ALTER TABLE patients DROP INDEX patients_insurance, DROP COLUMN insurance_no;
--rollback ALTER TABLE patients ADD COLUMN insurance_no VARCHAR(20), ADD UNIQUE KEY patients_insurance (insurance_no);
