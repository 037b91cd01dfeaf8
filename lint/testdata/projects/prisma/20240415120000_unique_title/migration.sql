/*
  Warnings:

  - A unique constraint covering the columns `[ownerId,title]` on the table `Project` will be added. If there are existing duplicate values, this will fail.

*/
-- CreateIndex
CREATE UNIQUE INDEX `Project_ownerId_title_key` ON `Project`(`ownerId`, `title`);
