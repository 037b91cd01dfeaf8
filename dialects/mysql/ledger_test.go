package mysql

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestLedgerIsReadable holds the ledger's own SQL against the parser.
func TestLedgerIsReadable(t *testing.T) {
	for _, d := range []Dialect{onMySQL, onMariaDB} {
		c := d.NewCatalog(dialects.Version{})
		for _, sql := range d.LedgerDDL() {
			for _, s := range d.Parse(sql) {
				if s.Syntax != nil {
					t.Errorf("%s: %v", sql, s.Syntax)
				}
				d.Replay(c, s)
			}
		}
		if len(c.Tables) != 6 {
			t.Errorf("%s: %d tables", d.Kind(), len(c.Tables))
		}
	}
}
