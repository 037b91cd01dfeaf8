# Seats of the hall
CREATE TABLE seats (
  `row` CHAR(2) NOT NULL,
  nr TINYINT UNSIGNED NOT NULL,
  price DECIMAL(8,2) NOT NULL,
  PRIMARY KEY (`row`, nr)
) ENGINE=InnoDB;
