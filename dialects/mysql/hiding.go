package mysql

import "github.com/segue-db/segue/dialects"

var _ dialects.IndexHider = Dialect{}

// HidingWord is INVISIBLE on MySQL from 8.0 on, and IGNORED on MariaDB from 10.6 on.
func (d Dialect) HidingWord(v dialects.Version) string {
	word := indexVisibility
	text := "INVISIBLE"
	if v = released(v); v.Kind == dialects.MariaDB {
		word, text = indexIgnored, "IGNORED"
	}
	if number(v) < word.since(v.Kind) {
		return ""
	}
	return text
}
