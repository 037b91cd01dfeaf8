-- RenameTable
RENAME TABLE `User` TO `Member`;
