package source

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const byteOrderMark = "\uFEFF"

// Checksum is a text's checksum, "sha256:" and 32 hexadecimal digits. It is blind to a byte order
// mark and to how lines end, which editors and version control change on their own.
func Checksum(text string) string {
	text = strings.TrimPrefix(text, byteOrderMark)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
