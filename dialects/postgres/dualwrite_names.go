package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// maxNameBytes is how long an identifier may be. Source: NAMEDATALEN, less its closing zero.
const maxNameBytes = 63

// helperPrefix begins the name of every helper object but the trigger. The sync triggers of other
// plans are told by it: their functions bear it.
const helperPrefix = "segue_"

// helperHash makes a helper's name one plan's own.
func helperHash(spec dialects.DualWriteSpec, about string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q",
		spec.Migration, spec.Table.Schema, spec.Table.Name, spec.Old, spec.New, about))
	return hex.EncodeToString(sum[:5])
}

// helperName is a name that people can read and that fits: what it stands for, cut where it is
// long, and a hash.
func helperName(spec dialects.DualWriteSpec, readable, about string) string {
	hash := "_" + helperHash(spec, about)
	return cutBytes(helperPrefix+readable, maxNameBytes-len(hash)) + hash
}

// functionName is the trigger function's name. It follows from the spec alone, so that a plan in
// flight is found again.
func functionName(spec dialects.DualWriteSpec) dialects.Name {
	return dialects.Name{
		Schema: spec.Table.Schema,
		Name:   helperName(spec, spec.Table.Name+"_"+spec.Old, "function"),
	}
}

// proofName is the name of the CHECK that holds both forms identical.
func proofName(spec dialects.DualWriteSpec) string {
	return helperName(spec, spec.Old+"_identical", "proof")
}

// triggerName sorts by bytes after the given name, the last of the table's other BEFORE ROW triggers:
// the server fires them in that order (dual-write.md, A18). It reports false where no such
// name fits.
func triggerName(spec dialects.DualWriteSpec, last string) (string, bool) {
	tail := "_" + helperHash(spec, "trigger")
	if name := "zzz_segue" + tail; name > last {
		return name, true
	}
	if len(last)+len(tail) <= maxNameBytes {
		return last + tail, true
	}
	// No room behind the name: raise a character that leaves room, as late as there is one.
	for at := len(cutBytes(last, maxNameBytes-len(tail)-utf8.UTFMax)); at > 0; {
		r, size := utf8.DecodeLastRuneInString(last[:at])
		at -= size
		if r >= utf8.RuneSelf || r >= 'z' {
			continue
		}
		return last[:at] + "z" + tail, true
	}
	return "", false
}

// cutBytes shortens a name to a length in bytes, between characters.
func cutBytes(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
