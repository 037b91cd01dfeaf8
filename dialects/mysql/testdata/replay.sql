-- Columns come, go, move and change.
CREATE TABLE c (id int NOT NULL PRIMARY KEY, a int, b varchar(20), d datetime, e enum('a','b') NOT NULL);
ALTER TABLE c ADD x int FIRST, ADD y varchar(10) NOT NULL DEFAULT 'q' AFTER id, ADD (z1 int, z2 bigint unsigned DEFAULT 7);
ALTER TABLE c DROP z1, DROP COLUMN d;
ALTER TABLE c MODIFY a bigint NOT NULL DEFAULT 5 COMMENT 'wide' FIRST;
ALTER TABLE c CHANGE b bb varchar(40) CHARACTER SET latin1 NOT NULL;
ALTER TABLE c CHANGE x xx int NULL AFTER bb;
ALTER TABLE c RENAME COLUMN y TO yy;
ALTER TABLE c ALTER z2 SET DEFAULT 9, ALTER COLUMN yy DROP DEFAULT;
ALTER TABLE c MODIFY e enum('a','b','c') NOT NULL DEFAULT 'c';
ALTER TABLE c ADD t1 timestamp(3) NULL DEFAULT NULL, ADD t2 datetime DEFAULT NOW() ON UPDATE CURRENT_TIMESTAMP;
ALTER TABLE c ADD f float(7,3) DEFAULT '1.5', ADD g double, ADD n numeric(6), ADD h boolean DEFAULT false, ADD i int(5) zerofill, ADD m mediumint unsigned;
ALTER TABLE c ADD tx text(300), ADD bl blob(70000), ADD tt tinytext CHARACTER SET ascii, ADD bi binary(4), ADD vb varbinary(9), ADD nc national varchar(5), ADD lv long varchar;
ALTER TABLE c ADD s set('p','q') DEFAULT 'p,q', ADD tm time(2), ADD yr year, ADD cb char(9) CHARACTER SET latin1 BINARY, ADD dd dec(5,1) DEFAULT 2;

-- Keys.
CREATE TABLE k (id int NOT NULL, a int, b varchar(90), c int, UNIQUE (a), KEY (a, b(7)), KEY named (c DESC)) DEFAULT CHARSET=latin1;
ALTER TABLE k ADD PRIMARY KEY (id);
ALTER TABLE k ADD INDEX (b), ADD UNIQUE INDEX two (b, c), ADD FULLTEXT INDEX (b);
CREATE INDEX made ON k (c, a);
CREATE UNIQUE INDEX once ON k (id, a);
ALTER TABLE k RENAME INDEX named TO renamed, DROP INDEX made;
DROP INDEX two ON k;
ALTER TABLE k RENAME COLUMN c TO cc;
ALTER TABLE k DROP PRIMARY KEY, ADD PRIMARY KEY (id, a);
ALTER TABLE k ADD gone int, ADD KEY lost (gone), ADD KEY shrunk (gone, cc);
ALTER TABLE k DROP gone;
ALTER TABLE k ADD u int UNIQUE, ADD CONSTRAINT uu UNIQUE (u, cc);

-- Foreign keys and checks.
CREATE TABLE parent (id int PRIMARY KEY, n int, UNIQUE KEY (n));
CREATE TABLE child (id int PRIMARY KEY, pid int, qid int, n int, v int, CHECK (v > 0), CONSTRAINT named CHECK (v <> 7));
ALTER TABLE child ADD FOREIGN KEY (pid) REFERENCES parent (id), ADD CONSTRAINT to_n FOREIGN KEY (n) REFERENCES parent (n) ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE child ADD FOREIGN KEY (qid) REFERENCES parent (id) ON DELETE CASCADE, ADD CHECK (v < 1000);
ALTER TABLE child DROP FOREIGN KEY child_ibfk_1;
ALTER TABLE child RENAME COLUMN pid TO ppid;
ALTER TABLE parent RENAME COLUMN id TO pk;
ALTER TABLE child DROP CONSTRAINT named;
RENAME TABLE parent TO elder;
ALTER TABLE child RENAME TO kid;

-- Tables.
CREATE TABLE o (id int PRIMARY KEY, a varchar(10), b text) CHARSET latin1 COMMENT 'first';
ALTER TABLE o COMMENT 'second', ROW_FORMAT=COMPACT;
ALTER TABLE o CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE o DEFAULT CHARACTER SET ascii;
ALTER TABLE o ADD c varchar(5), ADD d varchar(5) COLLATE utf8mb4_general_ci;
CREATE TABLE like_c LIKE c;
CREATE TABLE like_k LIKE k;
CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
ALTER TABLE part ADD PARTITION (PARTITION p2 VALUES LESS THAN (30));
ALTER TABLE part DROP PARTITION p0;
CREATE TABLE gone (id int);
DROP TABLE gone, like_k;
DROP TABLE IF EXISTS never;

-- Generated columns, triggers, views.
CREATE TABLE g (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL, s int GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE g ADD w varchar(20) AS (concat(a, 'x')), ADD KEY (v);
ALTER TABLE g MODIFY w varchar(30) AS (concat(a, 'x'));
CREATE TRIGGER one BEFORE INSERT ON g FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two AFTER DELETE ON g FOR EACH ROW SET @x = OLD.a + OLD.id;
CREATE TRIGGER zero BEFORE INSERT ON g FOR EACH ROW PRECEDES one SET NEW.a = 2;
CREATE TRIGGER away BEFORE UPDATE ON g FOR EACH ROW SET NEW.a = 3;
DROP TRIGGER away;
CREATE VIEW w AS SELECT g.id, g.a FROM g;
CREATE OR REPLACE VIEW w AS SELECT id FROM g;
CREATE VIEW away AS SELECT 1;
DROP VIEW away;
