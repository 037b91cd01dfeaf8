/*
  Warnings:

  - You are about to drop the column `archived` on the `Project` table. All the data in the column will be lost.

*/
-- AlterTable
ALTER TABLE `Project` ADD COLUMN `archivedAt` DATETIME(3) NULL,
    DROP COLUMN `archived`;
