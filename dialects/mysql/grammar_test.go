package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestBeyondTheParser holds each construct that the parser rejects or silently drops: it is either
// understood, in the words of summary, or reported with its place.
func TestBeyondTheParser(t *testing.T) {
	const reported = "reported"
	for _, test := range []struct {
		d         Dialect
		src, want string
	}{
		// Columns that are not shown.
		{onMySQL, "CREATE TABLE t (a int INVISIBLE, b int VISIBLE)", "CreateTable a int invisible, b int"},
		{onMySQL, "CREATE TABLE `t` (`a` int /*!80023 INVISIBLE */)", "CreateTable a int invisible"},
		{onMySQL, "ALTER TABLE t ADD a int INVISIBLE", "AddColumn a int invisible"},
		{onMySQL, "ALTER TABLE t ALTER COLUMN a SET INVISIBLE", "AlterColumn a set invisible"},
		{onMySQL, "ALTER TABLE t ALTER a SET VISIBLE", "AlterColumn a set visible"},
		{onMySQL, "ALTER TABLE t MODIFY a int NOT NULL INVISIBLE FIRST", "RedefineColumn a int not null invisible first"},
		// Types.
		{onMySQL, "CREATE TABLE t (g POINT NOT NULL SRID 4326, h GEOMETRYCOLLECTION)", "CreateTable g point not null [SRID 4326], h geometrycollection"},
		{onMySQL, "CREATE TABLE t (v VECTOR(16))", "CreateTable v vector(16)"},
		{onMySQL, "CREATE TABLE t (a int signed, v VECTOR)", "CreateTable a int, v vector"},
		{onMySQL, "ALTER TABLE t ADD g POINT SRID 4326 NOT NULL", "AddColumn g point not null [SRID 4326]"},
		{onMySQL, "CREATE TABLE t (a int ENGINE_ATTRIBUTE='{}' NOT NULL)", "CreateTable a int not null"},
		{onMySQL, "CREATE TABLE t (g POINT NOT NULL, SPATIAL INDEX s (g))", "CreateTable g point not null; SPATIAL KEY `s` (`g`)"},
		{onMariaDB, "CREATE TABLE t (a uuid, b inet4, c INET6 NOT NULL)", "CreateTable a uuid, b inet4, c inet6 not null"},
		{onMariaDB, "CREATE TABLE t (a text COMPRESSED)", "CreateTable a text [COMPRESSED]"},
		{onMySQL, "CREATE TABLE t (a NATIONAL VARCHAR(9) NOT NULL, b NCHAR)", "CreateTable a varchar(9) (utf8mb3 ) not null, b char(1) (utf8mb3 )"},
		// Character sets and collations that TiDB does not have.
		{onMariaDB, "CREATE TABLE t (a varchar(9) CHARACTER SET koi8r COLLATE koi8r_bin NOT NULL, b text COLLATE utf8mb4_nopad_bin) CHARSET=cp1251 COLLATE=cp1251_bin",
			"CreateTable a varchar(9) (koi8r koi8r_bin) not null, b text ( utf8mb4_nopad_bin)"},
		{onMySQL, "ALTER TABLE t MODIFY a varchar(9) CHARSET latin2 BINARY", "RedefineColumn a varchar(9) (latin2 _bin)"},
		{onMySQL, "ALTER TABLE t CONVERT TO CHARACTER SET latin2 COLLATE latin2_bin", "AlterTable convert charset latin2 latin2_bin"},
		{onMySQL, "ALTER TABLE t DEFAULT CHARSET = cp1251, COLLATE latin7_bin", "AlterTable charset cp1251 | AlterTable collate latin7_bin"},
		{onMySQL, "CREATE DATABASE d CHARACTER SET cp1251 COLLATE cp1251_bin", "CreateObject schema d"},
		{onMySQL, "SET NAMES cp1251 COLLATE cp1251_bin", "Setting"},
		{onMySQL, "SELECT _latin2'a' COLLATE latin2_bin, CONVERT(b USING cp1251), CAST(c AS CHAR CHARACTER SET koi8u) FROM t", "WriteData select t"},
		{onMySQL, "CREATE TABLE t (a int, b varchar(9) AS (a COLLATE latin2_bin), CHECK (b COLLATE latin2_bin <> _cp1251'x'))",
			"CreateTable a int, b varchar(9) virtual a COLLATE latin2_bin; CHECK (b COLLATE latin2_bin <> _cp1251'x')"},
		// Defaults.
		{onMySQL, "CREATE TABLE t (a int DEFAULT (1+1))", "CreateTable a int default (1+1)"},
		{onMySQL, "CREATE TABLE t (a int, b int DEFAULT (a + 1))", "CreateTable a int, b int default (a + 1)"},
		{onMySQL, "CREATE TABLE t (a json DEFAULT ('{}'))", "CreateTable a json default ('{}')"},
		{onMySQL, "CREATE TABLE t (a int DEFAULT (CASE WHEN 1 THEN 2 ELSE 3 END) COMMENT 'x')", "CreateTable a int default (CASE WHEN 1 THEN 2 ELSE 3 END)"},
		{onMySQL, "ALTER TABLE t ALTER a SET DEFAULT (uuid())", "SetDefault a (uuid())"},
		{onMySQL, "ALTER TABLE t ADD a varchar(9) DEFAULT _utf8mb4'x', ADD b int DEFAULT -1", "AddColumn a varchar(9) default 'x' | AddColumn b int default -1"},
		{onMariaDB, "CREATE TABLE t (a varchar(36) DEFAULT uuid(), b int DEFAULT NEXT VALUE FOR s)", "CreateTable a varchar(36) default (uuid()), b int(11) default (NEXT VALUE FOR s)"},
		// Generated columns and checks.
		{onMariaDB, "CREATE TABLE t (a int, b int AS (a + 1) PERSISTENT)", "CreateTable a int(11), b int(11) stored a + 1"},
		{onMySQL, "CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCED)", "CreateTable a int; CHECK (a > 0) NOT ENFORCED"},
		// Stored programs.
		{onMySQL, "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW FOLLOWS h SET NEW.a = 1", "CreateObject trigger g"},
		{onMySQL, "CREATE DEFINER=CURRENT_USER() FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x + 1", "CreateObject function f"},
		{onMySQL, "CREATE DEFINER=`a`@`%` PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; SELECT 1; END", "CreateObject function p"},
		{onMySQL, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t", "CreateObject other e"},
		{onMariaDB, "CREATE OR REPLACE TRIGGER g BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW SET NEW.a = 1", "CreateObject trigger g"},
		{onMySQL, "DELIMITER //\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END//\nDELIMITER ;", "CreateObject trigger g"},
		{onMySQL, "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END $$\nDELIMITER ;", "CreateObject function p"},
		{onMySQL, "CREATE TRIGGER IF NOT EXISTS g BEFORE INSERT ON t FOR EACH ROW PRECEDES h SET NEW.a = 1", "CreateObject trigger g"},
		{onMySQL, "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1 */", "CreateObject trigger g"},
		{onMySQL, "CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT AS $$ const a = 1; return a; $$", "CreateObject function f"},
		{onMySQL, "DROP TRIGGER IF EXISTS g", "DropObject trigger g"},
		{onMySQL, "DROP FUNCTION f", "DropObject function f"},
		{onMySQL, "DROP EVENT e", "DropObject other e"},
		{onMySQL, "ALTER EVENT e DISABLE", "AlterObject other e"},
		// Views.
		{onMySQL, "CREATE VIEW IF NOT EXISTS v AS SELECT a FROM t", "CreateObject view v"},
		{onMySQL, "CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT JSON_DUALITY_OBJECT('_id': id) FROM t", reported},
		// MariaDB's ALTER.
		{onMariaDB, "ALTER TABLE t ADD a int, ALGORITHM=NOCOPY", "NOCOPY AddColumn a int(11)"},
		{onMariaDB, "ALTER ONLINE TABLE t ADD a int", "AddColumn a int(11)"},
		{onMariaDB, "ALTER IGNORE TABLE t ADD a int", "AddColumn a int(11)"},
		{onMariaDB, "ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS a int", "AddColumn a int(11)"},
		{onMariaDB, "ALTER TABLE t WAIT 5 DROP COLUMN IF EXISTS a", "DropColumn a"},
		{onMariaDB, "ALTER TABLE t NOWAIT DROP FOREIGN KEY IF EXISTS f", "DropConstraint f"},
		{onMariaDB, "ALTER TABLE t DROP CONSTRAINT IF EXISTS c, DROP PRIMARY KEY IF EXISTS", "DropConstraint c | DropConstraint PRIMARY"},
		{onMariaDB, "ALTER TABLE t RENAME COLUMN IF EXISTS a TO b, RENAME INDEX IF EXISTS i TO j", "RenameColumn a b | RenameIndex i j"},
		{onMariaDB, "CREATE OR REPLACE TABLE t (a int)", "CreateTable a int(11)"},
		{onMariaDB, "CREATE TABLE t (a int) WITH SYSTEM VERSIONING", "CreateTable a int(11) versioned"},
		{onMariaDB, "CREATE TABLE t (a int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING",
			"CreateTable a int(11), s timestamp(6) not null stored ROW START, e timestamp(6) not null stored ROW END versioned"},
		{onMariaDB, "CREATE TABLE t (a int WITHOUT SYSTEM VERSIONING)", "CreateTable a int(11)"},
		{onMariaDB, "ALTER TABLE t ADD SYSTEM VERSIONING", "AlterTable add system versioning"},
		{onMariaDB, "ALTER TABLE t DROP SYSTEM VERSIONING", "AlterTable drop system versioning"},
		{onMariaDB, "ALTER TABLE t ADD PERIOD FOR SYSTEM_TIME (a, b)", "AlterTable add period for"},
		{onMariaDB, "CREATE TABLE t (a int, s date, e date, PERIOD FOR p (s, e), UNIQUE u (a, p WITHOUT OVERLAPS))", "CreateTable a int(11), s date, e date; UNIQUE KEY `u` (`a`,`p`)"},
		{onMariaDB, "CREATE TABLE t (a int, INDEX i (a) IGNORED)", "CreateTable a int(11); KEY `i` (`a`) invisible"},
		{onMariaDB, "ALTER TABLE t ALTER INDEX i NOT IGNORED", "AlterObject index i"},
		{Dialect{Server: dialects.Version{Kind: dialects.MariaDB, Major: 11, Minor: 8}}, "CREATE TABLE t (v vector(3) NOT NULL, VECTOR INDEX i (v) M=8 DISTANCE=euclidean)", "CreateTable v vector(3) not null; VECTOR KEY `i` (`v`)"},
		{onMariaDB, "ALTER TABLE t CONVERT PARTITION p TO TABLE u", "AlterTable convert partition"},
		{onMariaDB, "ALTER TABLE t CONVERT TABLE u TO PARTITION p VALUES LESS THAN (5)", "AlterTable convert table"},
		{onMariaDB, "INSERT INTO t (a) VALUES (1) RETURNING id", "WriteData insert t"},
		{onMariaDB, "DELETE FROM t WHERE a = 1 RETURNING *", "WriteData delete t"},
		{onMariaDB, "CREATE INDEX i ON t (a) WAIT 3 ALGORITHM=NOCOPY", "NOCOPY CreateIndex KEY `i` (`a`)"},
		{onMariaDB, "DROP TABLE t WAIT 3", "DropTable"},
		{onMariaDB, "CREATE SEQUENCE s", "CreateObject sequence s"},
		{onMySQL, "INSERT INTO t (a) VALUES (1) RETURNING id", reported},
		{onMariaDB, "UPDATE t SET a = 1 RETURNING id", reported},
		{onMariaDB, "SET STATEMENT lock_wait_timeout = 3, max_statement_time = 9 FOR ALTER TABLE t ADD a int", "AddColumn a int(11)"},
		{onMariaDB, "SET STATEMENT /* why */ sort_buffer_size = 3 FOR /* all */ SELECT 1", "WriteData select"},
		{onMySQL, "SET STATEMENT lock_wait_timeout = 3 FOR ALTER TABLE t ADD a int", reported},
		{onMySQL, "INSERT INTO t VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a", "WriteData insert t"},
		// Silent hazards: what MariaDB runs and the parser would drop, and the other way round.
		{onMariaDB, "CREATE TABLE t (a int /*M! , b int */)", "CreateTable a int(11), b int(11)"},
		{onMySQL, "CREATE TABLE t (a int /*M! , b int */)", "CreateTable a int"},
		{onMySQL, "CREATE TABLE t (a int /*!99999 , b int */)", "CreateTable a int"},
		{onMariaDB, "CREATE TABLE t (a int /*!80023 INVISIBLE */)", "CreateTable a int(11)"},
		{onMariaDB, "CREATE TABLE t (a int /*!100301 INVISIBLE */)", "CreateTable a int(11) invisible"},
		{onMySQL, "/*!40101 SET NAMES utf8mb4 */", "Setting"},
		{onMySQL, "CREATE TABLE t (a int /*T! , b int */)", "CreateTable a int"},
		{onMySQL, "ALTER TABLE t", "AlterTable nothing"},
		// What MySQL would refuse and the parser takes.
		{onMySQL, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", reported},
		{onMySQL, "ALTER TABLE t DROP COLUMN IF EXISTS a", reported},
		{onMySQL, "ALTER TABLE IF EXISTS t ADD a int", reported},
		{onMySQL, "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", reported},
		{onMySQL, "CREATE INDEX IF NOT EXISTS i ON t (a)", reported},
		{onMySQL, "CREATE OR REPLACE TABLE t (a int)", reported},
		{onMySQL, "ALTER ONLINE TABLE t ADD a int", reported},
		{onMySQL, "ALTER TABLE t WAIT 5 ADD a int", reported},
		{onMySQL, "ALTER TABLE t ADD a int, ALGORITHM=NOCOPY", reported},
		{onMySQL, "ALTER TABLE t ADD a int DEFAULT (IF(EXISTS(SELECT 1), 1, 0))", "AddColumn a int default (IF(EXISTS(SELECT 1), 1, 0))"},
		{onMySQL, "CREATE OR REPLACE VIEW v AS SELECT 1", "CreateObject view v"},
	} {
		s := test.d.Parse(test.src)
		if len(s) != 1 {
			t.Errorf("%s: %d statements", test.src, len(s))
			continue
		}
		got := summaryOf(s[0])
		if s[0].Foreign != nil {
			got = reported
		}
		if s[0].Syntax != nil {
			got = reported
			if s[0].Syntax.Place.Line != 1 || s[0].Syntax.Place.Column < 1 || s[0].Text != test.src {
				t.Errorf("%s: %+v", test.src, s[0].Syntax)
			}
		}
		if got != test.want {
			t.Errorf("%s\n\tgot  %s (%v)\n\twant %s", test.src, got, s[0].Syntax, test.want)
		}
	}
}

// summaryOf writes a statement's changes for a test.
func summaryOf(s dialects.Statement) string {
	var parts []string
	for _, change := range s.Changes {
		parts = append(parts, strings.TrimSpace(strings.TrimPrefix(fmt.Sprintf("%T ", change), "dialects.")+detailOf(change)))
	}
	text := strings.Join(parts, " | ")
	if s.Algorithm != "" {
		text = string(s.Algorithm) + " " + text
	}
	return text
}

func detailOf(change dialects.Change) string {
	switch c := change.(type) {
	case dialects.CreateTable:
		var columns []string
		for _, col := range c.Columns {
			columns = append(columns, columnText(col))
		}
		text := strings.Join(columns, ", ")
		for _, con := range c.Constraints {
			text += "; " + con.Definition
		}
		for _, i := range c.Indexes {
			text += "; " + i.Definition
			if i.Invisible {
				text += " invisible"
			}
		}
		if c.Options.SystemVersioned {
			text += " versioned"
		}
		return text
	case dialects.AddColumn:
		return columnText(c.Column)
	case dialects.RedefineColumn:
		text := columnText(c.To)
		if c.First {
			text += " first"
		}
		return text
	case dialects.DropColumn:
		return c.Column
	case dialects.RenameColumn:
		return c.Column + " " + c.To
	case dialects.RenameIndex:
		return c.Index.Name + " " + c.To
	case dialects.SetDefault:
		return c.Column + " " + c.Default
	case dialects.AlterColumn:
		return c.Column + " " + c.What
	case dialects.AlterTable:
		if strings.Contains(c.What, "charset") || c.What == "collate" {
			return c.What + " " + c.Value
		}
		return c.What
	case dialects.CreateIndex:
		return c.Index.Definition
	case dialects.DropConstraint:
		return c.Name
	case dialects.CreateObject:
		return string(c.Kind) + " " + c.Object.Name
	case dialects.DropObject:
		return string(c.Kind) + " " + c.Object.Name
	case dialects.AlterObject:
		return string(c.Kind) + " " + c.Object.Name
	case dialects.WriteData:
		return string(c.Kind) + " " + c.Table.Name
	}
	return ""
}

func columnText(c dialects.Column) string {
	text := c.Name + " " + c.Type
	if c.Charset != "" || c.Collation.Name != "" {
		text += " (" + c.Charset + " " + c.Collation.Name + ")"
	}
	if c.NotNull {
		text += " not null"
	}
	if c.Default != "" {
		text += " default " + c.Default
	}
	switch {
	case c.Generated != "" && c.Stored:
		text += " stored " + c.Generated
	case c.Generated != "":
		text += " virtual " + c.Generated
	}
	if c.Invisible {
		text += " invisible"
	}
	if len(c.Options) > 0 {
		text += fmt.Sprintf(" %v", c.Options)
	}
	return text
}
