package source

import (
	"errors"
	"regexp"
	"strings"
)

// unboxGoose puts goose's annotation above the up part. It is for the down part too.
func unboxGoose(m Migration, _ []string) (Unboxed, error) {
	for l := range lines(m.SQL) {
		if gooseWord(m.SQL[l.start:l.end]) == "UP" {
			return Unboxed{Edits: []Edit{{l.start, l.start, gooseNone}}}, nil
		}
	}
	return Unboxed{}, errors.New("it has no -- +goose Up")
}

// gooseWord is what an annotation says, in upper case; empty where a line is none.
func gooseWord(text string) string {
	if !gooseMark.MatchString(text) {
		return ""
	}
	word := strings.Replace(strings.ReplaceAll(text, "--", ""), "+goose", "", 1)
	return strings.ToUpper(strings.Join(strings.Fields(word), " "))
}

// gooseBlock is StatementBegin and StatementEnd around a statement: the lines that they are on.
func gooseBlock(text string, start, end int) (began, ended line, ok bool) {
	open := false
	for l := range lines(text) {
		switch word := gooseWord(text[l.start:l.end]); {
		case l.start >= end && !open:
			return line{}, line{}, false
		case word == "STATEMENTBEGIN" && l.start < start:
			began, open = l, true
		case word == "STATEMENTEND" && l.end <= start:
			open = false
		case word == "STATEMENTEND":
			return began, l, open
		}
	}
	return line{}, line{}, false
}

// gooseCompany follows goose's reader: outside of StatementBegin and StatementEnd a statement ends at the line whose last
// word ends in a semicolon, whatever else is on its lines.
func gooseCompany(text string, start, end int) Company {
	began, ended, ok := gooseBlock(text, start, end)
	switch {
	case !ok:
		return gooseLines(text, start, end)
	case isAside(text[began.end:start]) && isAside(text[end:ended.start]):
		return Whole
	}
	return Joined
}

// blockComment is one before a statement; behind the semicolon it would keep that from being its line's last word.
var blockComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func gooseLines(text string, start, end int) Company {
	before := blockComment.ReplaceAllString(text[lineStart(text, start):start], "")
	if isAside(before) && isAside(text[end:lineEnd(text, end)]) {
		return Apart
	}
	return Joined
}

// isAside reports whether a text has nothing but a semicolon and comments to the ends of lines.
func isAside(text string) bool {
	for l := range lines(text) {
		bare := strings.TrimSpace(strings.Replace(text[l.start:l.end], ";", "", 1))
		if bare != "" && !strings.HasPrefix(bare, "--") {
			return false
		}
	}
	return true
}
