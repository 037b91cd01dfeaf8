package lint_test

import (
	"io"
	"testing"
	"unicode/utf8"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

// FuzzRun takes any text through all of lint: reading, replaying, judging, planning and writing.
func FuzzRun(f *testing.F) {
	for _, seed := range []string{
		makeUsers + dropA, renameB, "-- segue:allow drop-column x\n\n" + dropA, "/* a", "$$", "E'\\", "\\copy x", "--segue:",
		"-- segue:allow\nDROP TABLE users CASCADE", "BEGIN;;COMMIT", "CREATE TABLE users PARTITION OF p FOR VALUES IN (1)",
		"ALTER TABLE ONLY users ADD CONSTRAINT c UNIQUE USING INDEX i, ALTER a TYPE text USING b::text",
		"-- segue:down\nDROP TABLE x", "CREATE INDEX ON users ((a+1)) WHERE b > 0; DROP INDEX i", "\uFEFFSELECT 'ü", "COPY t FROM stdin;\n1\n\\.\n",
		"ALTER TABLE users CHANGE a aa bigint AFTER b, ADD FULLTEXT (c), ALGORITHM=NOCOPY", "DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON users " +
			"FOR EACH ROW BEGIN END//", "/*!80000 ALTER TABLE users ADD IF NOT EXISTS c int DEFAULT (uuid()) */", "/*M! DROP TABLE users", "$$a;$$",
	} {
		f.Add(seed)
	}
	configs := []lint.Config{config(), onServer(f, "mysql:9.7"), onServer(f, "mariadb:10.11")}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // source refuses it
		}
		for i := range 2 * len(configs) {
			c := configs[i/2]
			c.Runner = []lint.Runner{lint.OthersRun, lint.SegueRuns}[i%2]
			result, err := lint.Run(t.Context(), c, directory(makeUsers, text, renameB))
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range result.Findings {
				sql := result.Sources[finding.File]
				if finding.Start < 0 || finding.End < finding.Start || finding.End > len(sql) {
					t.Errorf("%s: bytes %d to %d of %d", finding.Rule, finding.Start, finding.End, len(sql))
				}
			}
			if err := report.Text(io.Discard, result, report.Colored); err != nil {
				t.Error(err)
			}
			if err := report.JSON(io.Discard, result); err != nil {
				t.Error(err)
			}
		}
	})
}
