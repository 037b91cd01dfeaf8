-- AlterTable
ALTER TABLE `Task` MODIFY `title` VARCHAR(500) NOT NULL,
    ADD COLUMN `description` TEXT NULL;
