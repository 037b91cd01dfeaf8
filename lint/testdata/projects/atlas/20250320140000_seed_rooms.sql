INSERT INTO `rooms` (`name`, `beds`, `price_cents`) VALUES ('Lindenzimmer', 2, 8900), ('Dachkammer; klein', 1, 5400);
