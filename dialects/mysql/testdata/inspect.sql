CREATE TABLE p (id int PRIMARY KEY, n varchar(10)) COMMENT 'the parent''s';
CREATE TABLE t (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  a varchar(20) NOT NULL DEFAULT 'x''y\\z' COMMENT 'co''m',
  b decimal(8,3) DEFAULT 1.5,
  c datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  d enum('a','b,c') DEFAULT 'a',
  e json,
  f int DEFAULT (1 + 1),
  g int GENERATED ALWAYS AS (f + 7) VIRTUAL,
  h varchar(9) GENERATED ALWAYS AS (concat(a, 'q')) STORED,
  i bit(3) DEFAULT b'101',
  j timestamp NULL,
  k char(4) CHARACTER SET latin1 COLLATE latin1_bin,
  l varbinary(5) DEFAULT 'ab',
  m int INVISIBLE DEFAULT 3,
  pid int,
  n text,
  o tinyint(1) DEFAULT true,
  q year DEFAULT 2020,
  r varchar(30) DEFAULT (concat('a', 'b')),
  u varchar(3) NOT NULL DEFAULT '',
  UNIQUE KEY uq (a(5), b DESC),
  KEY kk (c) COMMENT 'by time',
  FULLTEXT KEY ft (n),
  CONSTRAINT ck CHECK (b > 0 AND a <> 'xy'),
  CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE,
  CHECK (f > 0)
);
CREATE TABLE selfish (id int PRIMARY KEY, boss int, KEY (boss, id), FOREIGN KEY (boss) REFERENCES selfish (id) ON UPDATE SET NULL);
CREATE TABLE pt (id int, y date, PRIMARY KEY (id, y)) PARTITION BY RANGE (YEAR(y)) (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE pc (id int, y date, PRIMARY KEY (id, y)) PARTITION BY RANGE COLUMNS (y, id) (PARTITION p0 VALUES LESS THAN (MAXVALUE, MAXVALUE));
CREATE TABLE shape (s geometrycollection, g geometry NOT NULL, SPATIAL KEY sp (g));
CREATE TABLE compressed (id int) ROW_FORMAT=COMPRESSED;
CREATE TABLE old (id int) ENGINE=MyISAM DEFAULT CHARSET=latin1;
CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = concat(NEW.a, "z");
CREATE TRIGGER g3 BEFORE INSERT ON t FOR EACH ROW SET NEW.o = 1;
DELIMITER $$
CREATE TRIGGER g2 BEFORE INSERT ON t FOR EACH ROW FOLLOWS g1 BEGIN SET NEW.b = 3; END$$
DELIMITER ;
CREATE VIEW v AS SELECT id, a AS alias FROM t WHERE a = 'x';
CREATE FUNCTION fu(x int) RETURNS int DETERMINISTIC RETURN x + 1;
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
