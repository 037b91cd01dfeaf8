package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

var (
	onMySQL   = Dialect{Server: dialects.Version{Kind: dialects.MySQL, Major: 9, Minor: 7}}
	onMariaDB = Dialect{Server: dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 11}}
)

// texts are the statements of a source, with a bar between them.
func texts(d Dialect, src string) string {
	var list []string
	for _, s := range d.Parse(src) {
		list = append(list, s.Text)
	}
	return strings.Join(list, " | ")
}

// TestPackagesAreOneStatement holds that MariaDB's packages end at their own END.
func TestPackagesAreOneStatement(t *testing.T) {
	for _, src := range []string{
		"CREATE PACKAGE p AS PROCEDURE a(); FUNCTION b() RETURN INT; END",
		"CREATE OR REPLACE PACKAGE BODY p AS x INT := 1; PROCEDURE a() AS y INT; BEGIN SELECT 1; END; FUNCTION b() RETURN INT AS BEGIN IF x THEN RETURN 1; END IF; RETURN 2; END; END",
		"CREATE PACKAGE BODY p AS PROCEDURE a() AS BEGIN SELECT CASE WHEN 1 THEN 2 END; END; BEGIN SET @x = 1; END",
		"CREATE PACKAGE BODY p PROCEDURE a() SELECT 1; PROCEDURE b() BEGIN SELECT 2; END; END",
		"DROP PACKAGE p",
	} {
		statements := onMariaDB.Parse(src + ";\nSELECT 2;")
		if len(statements) != 2 || statements[0].Text != src || statements[0].Syntax != nil {
			t.Errorf("%s: %d statements, the first %q, %v", src, len(statements), statements[0].Text, statements[0].Syntax)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"plain", "SELECT 1; SELECT 2;", "SELECT 1 | SELECT 2"},
		{"comments", "# one;\nSELECT 1 -- two;\n; /* ; */ SELECT 2", "SELECT 1 | SELECT 2"},
		{"dashes without space", "SELECT 5--1; SELECT 2", "SELECT 5--1 | SELECT 2"},
		{"strings", `SELECT 'a\';b', "c;""d"; SELECT 2`, `SELECT 'a\';b', "c;""d" | SELECT 2`},
		{"backticks", "SELECT `a;``b`; SELECT 2", "SELECT `a;``b` | SELECT 2"},
		{"delimiter", "DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nSELECT 3;", "SELECT 1; SELECT 2 | SELECT 3"},
		{"delimiter next to a word", "delimiter $$\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a=1; END$$\nDELIMITER ;\nSELECT 1",
			"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a=1; END | SELECT 1"},
		{"crlf", "DELIMITER ;;\r\nSELECT 1;;\r\nDELIMITER ;\r\nSELECT 2;\r\n", "SELECT 1 | SELECT 2"},
		{"body without delimiter", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN IF a THEN SET @a=1; END IF; END; SELECT 1",
			"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN IF a THEN SET @a=1; END IF; END | SELECT 1"},
		{"body of one statement", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = IF(1, 2, 3); SELECT 1",
			"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = IF(1, 2, 3) | SELECT 1"},
		{"case in a body", "CREATE FUNCTION f() RETURNS int DETERMINISTIC BEGIN RETURN CASE WHEN 1 THEN IF(1,2,3) ELSE IF(2,3,4) END; END; SELECT 1",
			"CREATE FUNCTION f() RETURNS int DETERMINISTIC BEGIN RETURN CASE WHEN 1 THEN IF(1,2,3) ELSE IF(2,3,4) END; END | SELECT 1"},
		{"loops in a body", "CREATE PROCEDURE p() BEGIN l: LOOP WHILE 1 DO REPEAT SELECT 1; UNTIL 1 END REPEAT; END WHILE; LEAVE l; END LOOP; CASE a WHEN 1 THEN SELECT 1; END CASE; END; SELECT 2",
			"CREATE PROCEDURE p() BEGIN l: LOOP WHILE 1 DO REPEAT SELECT 1; UNTIL 1 END REPEAT; END WHILE; LEAVE l; END LOOP; CASE a WHEN 1 THEN SELECT 1; END CASE; END | SELECT 2"},
		{"an event", "CREATE DEFINER = 'a'@'%' EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; END; SELECT 1",
			"CREATE DEFINER = 'a'@'%' EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; END | SELECT 1"},
		{"a table called event", "CREATE TABLE event (a int); CREATE TABLE `trigger` (a int)", "CREATE TABLE event (a int) | CREATE TABLE `trigger` (a int)"},
		{"a block of MariaDB", "BEGIN NOT ATOMIC SELECT 1; END; SELECT 2", "BEGIN NOT ATOMIC SELECT 1; END | SELECT 2"},
		{"transactions", "BEGIN; SELECT 1; COMMIT", "BEGIN | SELECT 1 | COMMIT"},
		{"version comment", "/*!40101 SET NAMES utf8mb4 */; SELECT 1", "/*!40101 SET NAMES utf8mb4 */ | SELECT 1"},
		{"version comment from later on", "/*!99999 SELECT 0 */; SELECT 1", "SELECT 1"},
		{"mysqldump's trigger", "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET @a = 1; END */;;\nDELIMITER ;\n",
			"/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET @a = 1; END */"},
		{"byte order mark", "\ufeffSELECT 1;", "SELECT 1"},
		{"nothing", " ; -- x\n ;", ""},
		{"an open string", "SELECT 'a; SELECT 2", "SELECT 'a; SELECT 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := texts(onMySQL, test.src); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestVersionComments holds that what a server does not run is no part of the statement.
func TestVersionComments(t *testing.T) {
	const src = "CREATE TABLE t (a int /*!80023 INVISIBLE */, b int /*M!100300 INVISIBLE */ /*!100300 , c int */)"
	shape := func(version string) string {
		v, err := dialects.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		s := Dialect{Server: v}.Parse(src)[0]
		if s.Syntax != nil {
			t.Fatalf("%s: %v", version, s.Syntax)
		}
		text := ""
		for _, c := range s.Changes[0].(dialects.CreateTable).Columns {
			text += fmt.Sprintf("%s:%t ", c.Name, c.Invisible)
		}
		return strings.TrimSpace(text)
	}
	for version, want := range map[string]string{
		"mysql:8.0":     "a:true b:false",
		"mysql:8.0.22":  "a:false b:false",
		"mysql:9.7":     "a:true b:false",
		"mysql:26.7":    "a:true b:false c:false",
		"mariadb:10.11": "a:false b:true c:false", // MariaDB skips what is numbered for MySQL 5.7 to 9
		"mariadb:10.2":  "a:false b:false",
	} {
		if got := shape(version); got != want {
			t.Errorf("%s: got %s, want %s", version, got, want)
		}
	}
}

func TestComments(t *testing.T) {
	list := onMySQL.Parse("-- one\n# two\n/* three */ ALTER /* four */ TABLE t -- five\n ADD a int -- six\n; -- seven\nSELECT 1")
	show := func(comments []dialects.Comment) string {
		var texts []string
		for _, c := range comments {
			texts = append(texts, fmt.Sprintf("%d:%d %s", c.Start.Line, c.Start.Column, c.Text))
		}
		return strings.Join(texts, ", ")
	}
	if got, want := show(list[0].Comments), "1:1 -- one, 2:1 # two, 3:1 /* three */"; got != want {
		t.Errorf("before: got %s, want %s", got, want)
	}
	if got, want := show(list[0].Within), "3:19 /* four */, 3:38 -- five"; got != want {
		t.Errorf("within: got %s, want %s", got, want)
	}
	if got, want := show(list[1].Comments), "4:12 -- six, 5:3 -- seven"; got != want {
		t.Errorf("behind: got %s, want %s", got, want)
	}
}

// TestSyntaxErrors holds place, line and hint of what cannot be read, and that the rest is read.
func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ src, at, message, hint string }{
		{"SELECT 1;\nALTER TABLE t FROB x;", "2:15", `at or near "FROB"`, "segue:allow syntax-error"},
		{"ALTER TABLE t ADD a int DEFAULT (1 +);", "1:37", `at or near ")"`, ""},
		{"ALTER TABLE t /* x */ ADD a int /* y */ BOGUS 1;", "1:41", `at or near "BOGUS"`, ""},
		{"ALTER TABLE t ADD a int INVISIBLE DEFAULT (f(1)) BOGUS;", "1:50", `at or near "BOGUS"`, ""},
		{"ALTER TABLE é ADD\n  b intt;", "2:5", `at or near "intt"`, ""},
		{"SELECT", "1:7", "syntax error", ""},
		{"SELECT 1\\G", "1:9", `\G is a command`, "remove the command"},
		{"\\. file.sql", "1:1", `\. is a command`, ""},
		{"CREATE PROCEDURE p() BEGIN SELECT 1;", "1:1", "no END", "DELIMITER"},
		{"/*!40101 SELECT 1", "1:1", "has no */", ""},
		{"ALTER TABLE {{ table }} ADD a int", "1:13", "syntax error", "templates"},
		{"CREATE TABLE t (a int, CHECK (a >> ));", "1:35", "ends too early", ""},
	} {
		list := onMySQL.Parse(test.src + "\n;\nSELECT 99")
		var s *dialects.Statement
		for i := range list {
			if list[i].Syntax != nil && s == nil {
				s = &list[i]
			}
		}
		if s == nil {
			t.Errorf("%q: no error", test.src)
			continue
		}
		at := fmt.Sprintf("%d:%d", s.Syntax.Place.Line, s.Syntax.Place.Column)
		if at != test.at || !strings.Contains(s.Syntax.Message, test.message) || !strings.Contains(s.Syntax.Hint, test.hint) {
			t.Errorf("%q: got %s %s (%s)", test.src, at, s.Syntax.Message, s.Syntax.Hint)
		}
		if _, opaque := s.Changes[0].(dialects.Opaque); !opaque || s.Syntax.Line == "" {
			t.Errorf("%q: %+v, line %q", test.src, s.Changes, s.Syntax.Line)
		}
	}
}

// TestReadScript holds that directives are found as on Postgres, DELIMITER or not.
func TestReadScript(t *testing.T) {
	const src = "-- segue:soak 24h\n\n-- segue:using lower(a)\nALTER TABLE t CHANGE a b int;\nDELIMITER //\n-- segue:allow x y\n" +
		"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.b = 1; END//\nDELIMITER ;\n-- segue:down\nDROP TRIGGER g;\n# end\n"
	script, errs := dialects.ReadScript(onMySQL, src)
	if len(errs) > 0 {
		t.Error(errs)
	}
	if len(script.Directives) != 1 || len(script.Up) != 2 || len(script.Down) != 1 || len(script.Up[1].Directives) != 1 {
		t.Errorf("%+v", script)
	}
}

// FuzzParse holds that every text is split into statements that are where they say, and that nothing
// but space, comments, delimiters and the client's commands is between them.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"CREATE TABLE t (a int INVISIBLE DEFAULT (1+1), CHECK (a > 0), KEY ((a+1)));",
		"/*!50003 ALTER TABLE t ADD a int */; -- x\n# y\nDELIMITER //\nSELECT 1//",
		"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN CASE WHEN 1 THEN SET @a = 'x\\'; END CASE; END",
		"ALTER ONLINE TABLE t WAIT 3 ADD SYSTEM VERSIONING, ALGORITHM=NOCOPY", "SELECT `a\\G", "/*!", "é'\\", "\x00", "@'", "1e+", "END$$",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, d := range []Dialect{onMySQL, onMariaDB} {
			end := 0
			catalog := d.NewCatalog(d.Server)
			for _, s := range d.Parse(src) {
				if s.Text != src[s.Start.Offset:s.End.Offset] || s.Text == "" || s.Start.Offset < end {
					t.Fatalf("statement %q is not at %d to %d", s.Text, s.Start.Offset, s.End.Offset)
				}
				if len(s.Changes) == 0 {
					t.Fatalf("statement %q has no changes", s.Text)
				}
				if s.Syntax != nil && (s.Syntax.Place.Offset > len(src) || s.Syntax.Message == "") {
					t.Fatalf("error %+v is out of place", s.Syntax)
				}
				end = s.End.Offset
				d.Effects(catalog, s, nil)
				d.Replay(catalog, s)
			}
		}
	})
}
