package mysql

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"

	"github.com/segue-db/segue/dialects"
)

// maxName is how many characters an identifier may have, on both servers.
const maxName = 64

// helperPrefix begins the name of every helper object.
const helperPrefix = "segue_"

// helperName is a name that people can read and that fits: what it stands for, cut where it is
// long, and a hash that makes it one plan's own. It follows from the spec alone, so that a plan in
// flight is found again.
func helperName(spec dialects.DualWriteSpec, readable, about string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q",
		spec.Migration, spec.Table.Schema, spec.Table.Name, spec.Old, spec.New, about))
	hash := "_" + hex.EncodeToString(sum[:5])
	name := []rune(helperPrefix + readable)
	return string(name[:min(len(name), maxName-len(hash))]) + hash
}

// helper is the form of a helper object's name: helperPrefix, what it is for, and a hash.
var helper = regexp.MustCompile(`(?s)^` + helperPrefix + `.*_[0-9a-f]{10}$`)

// isHelper reports whether an object is one of a plan's. A name that only begins as theirs is its owner's.
func isHelper(name string) bool { return helper.MatchString(name) }
