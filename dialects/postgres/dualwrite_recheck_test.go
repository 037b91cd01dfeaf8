package postgres

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestRecheck is A8: what came onto the old column after the plan, and what is no longer as the plan
// left it, is named.
func TestRecheck(t *testing.T) {
	l := openLive(t, `CREATE TABLE u (id int PRIMARY KEY, user_email text NOT NULL CHECK (user_email <> ''), name text);
		CREATE INDEX known ON u (user_email); INSERT INTO u VALUES (1, 'a', 'n');
		CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'`)
	spec, dw := l.plan(t, "u", "user_email", "email")
	l.toDualWrite(t, dw)
	l.carryOut(t, dw.Prove...)
	for _, test := range []struct{ name, change, want string }{
		{"nothing", "", ""},
		{"index", `CREATE INDEX hotfix ON u (user_email)`, "index public.hotfix stands on public.u.user_email"},
		{"partial index", `CREATE INDEX hotfix ON u (id) WHERE user_email > 'a'`, "index public.hotfix"},
		{"check", `ALTER TABLE u ADD CONSTRAINT hot CHECK (user_email <> 'x')`, "constraint hot on public.u"},
		{"statistics", `CREATE STATISTICS stat ON user_email, name FROM u`, "statistics public.stat"},
		{"view", `CREATE VIEW v AS SELECT user_email FROM u`, "rule _RETURN on view v"},
		{"policy", `CREATE POLICY p ON u USING (user_email = 'a')`, "policy p on table u"},
		{"default", `ALTER TABLE u ALTER user_email SET DEFAULT 'x'`, "default of public.u.user_email"},
		{"foreign key to it", `ALTER TABLE u ADD UNIQUE (user_email); CREATE TABLE f (e text REFERENCES u (user_email))`, "constraint f_e_fkey on public.f"},
		{"trigger that names it", `CREATE TRIGGER named BEFORE UPDATE OF user_email ON u FOR EACH ROW EXECUTE FUNCTION late()`, "trigger named on table u"},
		{"later trigger", `CREATE TRIGGER zzzz BEFORE UPDATE ON u FOR EACH ROW EXECUTE FUNCTION late()`, "trigger zzzz of public.u fires after"},
		{"disabled trigger", `ALTER TABLE u DISABLE TRIGGER USER`, "is not enabled"},
		{"no trigger", dw.Expand[0].Undo[:strings.Index(dw.Expand[0].Undo, "DROP FUNCTION")], "is gone"},
		{"type", `ALTER TABLE u DROP CONSTRAINT ` + quote(proofName(spec)) + `; ALTER TABLE u ALTER email TYPE varchar(9)`, "different types"},
		{"privileges", `GRANT SELECT (user_email) ON u TO PUBLIC`, "different privileges"},
		{"comment", `COMMENT ON COLUMN u.user_email IS 'new'`, "different comments"},
		{"index of that name", `DROP INDEX known; CREATE UNIQUE INDEX known ON u (lower(user_email))`, "which is to take the place of index public.known, is defined otherwise"},
		{"check of that name", `ALTER TABLE u DROP CONSTRAINT u_user_email_check; ALTER TABLE u ADD CONSTRAINT u_user_email_check CHECK (user_email <> 'x')`, "constraint u_user_email_check on public.u, is defined otherwise"},
		{"second form of an index", `DROP INDEX public.` + quote(helperName(spec, "known", "index public.known")), "index public.known, is gone"},
		{"statistics target", `ALTER TABLE u ALTER user_email SET STATISTICS 500`, "different storage, compression, statistics"},
		{"publication", `CREATE PUBLICATION sends FOR TABLE u`, "publication sends sends public.u"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tx := begin(t, l.s, dialects.TxOptions{})
			defer tx.Rollback(t.Context())
			runScript(t, tx, test.change)
			messages, err := l.Recheck(t.Context(), tx, spec, dw.Recheck)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" && len(messages) > 0 || test.want != "" && !strings.Contains(strings.Join(messages, "\n"), test.want) {
				t.Errorf("got %q, want %q", messages, test.want)
			}
			locked := value(t, tx, `SELECT count(*)::text FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation = 'public.u'::regclass`)
			if locked != "1" {
				t.Error("the table is not locked")
			}
		})
	}
}

// TestProofHoldsTheRows is A7: between the proof and contract no write can leave the columns
// different, not even under the replica role.
func TestProofHoldsTheRows(t *testing.T) {
	l := openLive(t, smallUsers)
	_, dw := l.plan(t, "u", "user_email", "email")
	l.toDualWrite(t, dw)
	l.carryOut(t, dw.Prove...)
	for _, late := range []string{
		`SET session_replication_role = replica; UPDATE u SET user_email = 'LATE' WHERE id = 1`,
		`ALTER TABLE u DISABLE TRIGGER USER; UPDATE u SET email = 'LATE' WHERE id = 1`,
	} {
		err := l.s.Script(t.Context(), late)
		if l.Fault(err) != dialects.FaultConstraint {
			t.Errorf("%s: got %v, want a violated constraint", late, err)
		}
		runScript(t, l.s, `RESET session_replication_role`)
	}
}

// TestPartitionMadeInDualWrite holds nothing up: its indexes and constraints are its parent's.
func TestPartitionMadeInDualWrite(t *testing.T) {
	l := openLive(t, richParts)
	spec, dw := l.plan(t, "parts", "user_email", "email")
	l.toDualWrite(t, dw)
	runScript(t, l.s, `CREATE TABLE p3 PARTITION OF parts FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
		INSERT INTO p3 (day, region, user_email) VALUES ('2022-02-02', 1, 'old'); INSERT INTO p1 (day, region, email) VALUES ('2020-02-02', 1, 'new');
		INSERT INTO parts (day, region, email) VALUES ('2022-03-03', 2, 'moves'); UPDATE parts SET day = '2021-03-03', user_email = 'moved' WHERE email = 'moves'`)
	if got := value(t, l.s, `SELECT count(*)::text FROM parts WHERE record_image_ne(ROW(user_email), ROW(email))`); got != "0" {
		t.Errorf("%s rows differ", got)
	}
	l.carryOut(t, dw.Prove...)
	l.contract(t, spec, dw)
	if got := value(t, l.s, `SELECT string_agg(email, ',' ORDER BY email) FROM parts WHERE email IN ('old', 'new', 'moved')`); got != "moved,new,old" {
		t.Errorf("got %s", got)
	}
}

// TestPreflight asks as roles that lack something, and about what only the server knows.
func TestPreflight(t *testing.T) {
	l := openLive(t, `CREATE ROLE dw_owner; CREATE ROLE dw_other; GRANT CREATE ON SCHEMA public TO dw_owner;
		CREATE DOMAIN strict AS text CHECK (VALUE <> 'no'); CREATE DOMAIN filled AS text DEFAULT 'zz';
		CREATE TABLE u (id int PRIMARY KEY, user_email text, s strict, f filled, name text); ALTER TABLE u OWNER TO dw_owner;
		CREATE TABLE holder (id int, u u)`)
	defer runScript(t, l.s, `RESET ROLE; DROP OWNED BY dw_owner CASCADE; DROP ROLE dw_owner, dw_other`)
	for _, test := range []struct{ name, change, role, column, want string }{
		{"owner", `DROP TABLE holder`, "dw_owner", "user_email", ""},
		{"row type", ``, "dw_owner", "user_email", "column holder.u holds rows of public.u"},
		{"not the owner", ``, "dw_other", "user_email", "run as a member of dw_owner"},
		{"no schema", `REVOKE CREATE ON SCHEMA public FROM dw_owner, PUBLIC`, "dw_owner", "user_email", "GRANT CREATE ON SCHEMA public TO dw_owner"},
		{"A1 forced row security", `ALTER TABLE u ENABLE ROW LEVEL SECURITY; ALTER TABLE u FORCE ROW LEVEL SECURITY; CREATE POLICY p ON u USING (id > 5)`, "dw_owner", "user_email", "row security hides rows of public.u"},
		{"row security of others", `ALTER TABLE u ENABLE ROW LEVEL SECURITY; DROP TABLE holder`, "dw_owner", "user_email", ""},
		{"search_path", `CREATE INDEX i ON u (lower(user_email)); CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'; SET LOCAL search_path = public, pg_catalog`, "dw_owner", "user_email", "puts the schema public before pg_catalog"},
		{"search_path that diverts nothing", `DROP TABLE holder; CREATE INDEX i ON u (lower(user_email)); SET LOCAL search_path = public, pg_catalog`, "dw_owner", "user_email", ""},
		{"rule", `CREATE RULE r AS ON DELETE TO u DO INSTEAD NOTHING`, "dw_owner", "user_email", "rule r of public.u"},
		{"domain with a CHECK", ``, "dw_owner", "s", "adding a column of it rewrites the table"},
		{"domain with a default", ``, "dw_owner", "f", "no default but that of its domain filled"},
		{"SQL function", `CREATE FUNCTION q() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT user_email FROM u; END`, "dw_owner", "user_email", "function"},
		{"view by the primary key", `CREATE VIEW v AS SELECT id, name FROM u GROUP BY id`, "dw_owner", "id", "v"},
		{"index statistics", `CREATE INDEX i ON u (lower(user_email)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 5`, "dw_owner", "user_email", "has a statistics target"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tx := begin(t, l.s, dialects.TxOptions{})
			defer tx.Rollback(t.Context())
			runScript(t, tx, test.change+`; SET LOCAL row_security = off`)
			c, err := l.Inspect(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			runScript(t, tx, `SET LOCAL ROLE `+test.role)
			err = l.Preflight(t.Context(), tx, c, dialects.CopySpec{Table: dialects.Name{Name: "u"}, From: test.column, To: "email"})
			var refusal *dialects.Refusal
			switch errors.As(err, &refusal); {
			case refusal == nil && err != nil:
				t.Fatal(err)
			case test.want == "" && refusal != nil:
				t.Errorf("refused: %v", refusal)
			case test.want != "" && (refusal == nil || !slices.ContainsFunc(refusal.Reasons, func(r string) bool { return strings.Contains(r, test.want) })):
				t.Errorf("got %v, want %q", refusal, test.want)
			}
		})
	}
}
