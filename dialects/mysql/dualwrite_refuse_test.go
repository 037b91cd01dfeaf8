package mysql

import (
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// replayedOn is the catalog that a text leads to on a server.
func replayedOn(t *testing.T, v dialects.Version, sql string) *dialects.Catalog {
	t.Helper()
	d := Dialect{Server: v}
	c := d.NewCatalog(v)
	for _, s := range d.Parse(sql) {
		if s.Syntax != nil {
			t.Fatal(s.Syntax)
		}
		d.Replay(c, s)
	}
	return c
}

var (
	mysql97     = dialects.Version{Kind: dialects.MySQL, Major: 9, Minor: 7, Patch: 4}
	mariadb1011 = dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 11, Patch: 19}
)

// TestDualWriteRefuses has one thing in the way each. The plan names it, and a way out. Where free is
// set the server of that kind can do it.
func TestDualWriteRefuses(t *testing.T) {
	const users = "CREATE TABLE u (id int PRIMARY KEY, o varchar(20), q int, g geometry NOT NULL);"
	for _, test := range []struct {
		name, sql, want string
		free            dialects.Kind
	}{
		{name: "no table", sql: "CREATE TABLE other (id int);", want: "table u is not there"},
		{name: "no column", sql: "CREATE TABLE u (id int);", want: "table u has no column o"},
		{name: "name taken", sql: users + "ALTER TABLE u ADD N int", want: "has a column n already"},
		{name: "auto_increment", sql: "CREATE TABLE u (o int AUTO_INCREMENT, UNIQUE (o))", want: "AUTO_INCREMENT"},
		{name: "primary key", sql: "CREATE TABLE u (id int, o int, PRIMARY KEY (id, o))", want: "u.o is in the primary key"},
		{name: "generated", sql: "CREATE TABLE u (id int, o int AS (id + 1))", want: "is a generated column"},
		{name: "generated from it", sql: users + "ALTER TABLE u ADD w varchar(40) AS (concat(o, 'x'))", want: "generated column u.w uses o"},
		{name: "default from it", sql: users + "ALTER TABLE u ADD w varchar(40) DEFAULT (concat(o, 'x'))", want: "the default of u.w uses o", free: dialects.MariaDB},
		{name: "on update", sql: "CREATE TABLE u (id int, o datetime ON UPDATE CURRENT_TIMESTAMP)", want: "ON UPDATE CURRENT_TIMESTAMP"},
		{name: "volatile default", sql: "CREATE TABLE u (id int, o varchar(36) DEFAULT (uuid()))", want: "differs from row to row, (uuid())"},
		{name: "check", sql: users + "ALTER TABLE u ADD CONSTRAINT ck CHECK (o <> 'x')", want: "check ck of u uses o", free: dialects.MariaDB},
		{name: "cascading update", sql: "CREATE TABLE p (id varchar(20) PRIMARY KEY);" + users + "ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY (o) REFERENCES p (id) ON UPDATE CASCADE",
			want: "foreign key fk of u writes o"},
		{name: "set null", sql: "CREATE TABLE p (id varchar(20) PRIMARY KEY);" + users + "ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY (o) REFERENCES p (id) ON DELETE SET NULL",
			want: "foreign key fk of u writes o"},
		{name: "partition key", sql: "CREATE TABLE u (id int, o int) PARTITION BY HASH (o + 1) PARTITIONS 2", want: "u is partitioned by o"},
		{name: "partition columns", sql: "CREATE TABLE u (id int, o int) PARTITION BY KEY (o) PARTITIONS 2", want: "u is partitioned by o"},
		{name: "fulltext on another column", sql: users + "ALTER TABLE u ADD w text, ADD FULLTEXT INDEX ft (w)", want: "FULLTEXT index ft"},
		{name: "spatial", sql: "CREATE TABLE u (id int, o point NOT NULL, SPATIAL INDEX sp (o))", want: "index sp is on u.o"},
		{name: "trigger", sql: users + "CREATE TRIGGER lower_o BEFORE INSERT ON u FOR EACH ROW SET NEW.o = lower(NEW.o)", want: "trigger lower_o of u names o"},
		{name: "trigger called like ours", sql: users + "CREATE TRIGGER segue_audit BEFORE UPDATE ON u FOR EACH ROW SET NEW.q = length(NEW.o)", want: "trigger segue_audit of u names o"},
		{name: "compressed", sql: "CREATE TABLE u (id int, o int) ROW_FORMAT=COMPRESSED", want: "ROW_FORMAT=COMPRESSED"},
		{name: "engine", sql: "CREATE TABLE u (id int, o int) ENGINE=MyISAM", want: "the engine of u is MyISAM"},
		{name: "temporary", sql: "CREATE TEMPORARY TABLE u (id int, o int)", want: "u is a temporary table"},
	} {
		for _, v := range []dialects.Version{mysql97, mariadb1011} {
			t.Run(v.String()+"/"+test.name, func(t *testing.T) {
				_, err := Dialect{Server: v}.DualWrite(replayedOn(t, v, test.sql), dialects.DualWriteSpec{Migration: "2", Table: dialects.Name{Name: "u"}, Old: "o", New: "n"})
				refused(t, err, test.want, test.free == v.Kind)
			})
		}
	}
}

// refused fails where an error is not a refusal for that reason, or where there is one and free is said.
func refused(t *testing.T, err error, want string, free bool) {
	t.Helper()
	if free {
		if err != nil {
			t.Error(err)
		}
		return
	}
	var refusal *dialects.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Error(), want) {
		t.Errorf("got %v, want a refusal for %q", err, want)
	}
}

// What one kind of server or one release alone has.
func TestDualWriteRefusesByServer(t *testing.T) {
	for _, test := range []struct {
		v             dialects.Version
		sql, to, want string
		refine        func(*dialects.Catalog)
	}{
		{v: dialects.Version{Kind: dialects.MySQL, Major: 8, Minor: 0, Patch: 28}, want: "upgrade to MySQL 8.0.29"},
		{v: dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 5}, want: "upgrade to mariadb:10.6"},
		{v: mysql97, sql: "ALTER TABLE u ADD INDEX fx ((upper(o)))", want: "index fx has an expression with o"},
		{v: mariadb1011, sql: "ALTER TABLE u ADD SYSTEM VERSIONING", want: "SYSTEM VERSIONING"},
		{v: mysql97, to: "O", want: "looks away from case"},
		{v: mysql97, to: strings.Repeat("n", 65), want: "longer than 64 characters"},
		{v: mysql97, to: strings.Repeat("é", 50), want: "error 3507"},
		{v: mysql97, want: "has had 254 instant changes", refine: func(c *dialects.Catalog) { c.Table(dialects.Name{Name: "u"}).RowVersions = 254 }},
		{v: dialects.Version{Kind: dialects.MySQL, Major: 8, Minor: 4}, want: "has had 63 instant changes", refine: func(c *dialects.Catalog) { c.Table(dialects.Name{Name: "u"}).RowVersions = 63 }},
	} {
		c := replayedOn(t, test.v, "CREATE TABLE u (id int PRIMARY KEY, o varchar(20));"+test.sql)
		if test.refine != nil {
			test.refine(c)
		}
		to := test.to
		if to == "" {
			to = "n"
		}
		_, err := Dialect{Server: test.v}.DualWrite(c, dialects.DualWriteSpec{Migration: "2", Table: dialects.Name{Name: "u"}, Old: "o", New: to})
		refused(t, err, test.want, false)
	}
}

// What may use the column without the server knowing is unknown; what surely reads it is said.
func TestDualWriteUnknowns(t *testing.T) {
	c := replayedOn(t, mysql97, `CREATE TABLE u (id int PRIMARY KEY, user_email varchar(20)); CREATE TABLE log (user_email int, t text);
		CREATE VIEW emails AS SELECT user_email FROM u; CREATE VIEW ids AS SELECT id FROM u;
		CREATE FUNCTION f() RETURNS int RETURN (SELECT COUNT(user_email) FROM u);
		CREATE FUNCTION g() RETURNS int RETURN (SELECT COUNT(user_email2) FROM u);
		CREATE PROCEDURE p() UPDATE u SET `+"`User_Email`"+` = 'x';
		CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM u WHERE user_email = '';
		CREATE TRIGGER far AFTER INSERT ON log FOR EACH ROW UPDATE u SET user_email = 'x' WHERE id = NEW.t;
		CREATE TRIGGER audit AFTER INSERT ON u FOR EACH ROW INSERT INTO log (user_email) VALUES (NEW.id)`)
	c.Table(dialects.Name{Name: "u"}).Column("user_email").Grants = []dialects.ColumnGrant{
		{Role: "'web'@'%'", Privilege: "SELECT"}, {Role: "'web'@'%'", Privilege: "UPDATE"},
	}
	dw, err := Dialect{Server: mysql97}.DualWrite(c, dialects.DualWriteSpec{Migration: "2", Table: dialects.Name{Name: "u"}, Old: "user_email", New: "email"})
	if err != nil {
		t.Fatal(err)
	}
	want := "event e|routine f|routine p|trigger far on log|trigger audit on u"
	var names []string
	for _, u := range dw.Unknowns {
		name, _, _ := strings.Cut(u, " has the word")
		names = append(names, name)
	}
	if got := strings.Join(names, "|"); got != want {
		t.Errorf("unknown is %s, want %s", got, want)
	}
	said := strings.Join(dw.Notices, "\n")
	if !strings.Contains(said, "view emails reads u.user_email") || strings.Contains(said, "view ids") ||
		!strings.Contains(said, "GRANT SELECT (`email`), UPDATE (`email`) ON `u` TO 'web'@'%'") {
		t.Error(said)
	}
}
