package source

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// recognise finds the directory's layout by the marks that runners leave in it. Without any it is segue's
// own, or plain where no file has a version. What was called segue's own must not be another's: it could run
// what that runner would not, such as a down part.
func (d *directory) recognise(called Layout) (Layout, error) {
	claims, err := d.claims()
	switch {
	case err != nil:
		return "", err
	case called == Segue && len(claims) > 0:
		return "", &ForeignError{Claim: claims[0]}
	case called == Segue:
		return Segue, nil
	case len(claims) == 1:
		return claims[0].Layout, nil
	case len(claims) > 1:
		return "", &AmbiguousError{[2]Claim{claims[0], claims[1]}}
	}
	return d.unmarked(), nil
}

func (d *directory) claims() ([]Claim, error) {
	var claims []Claim
	for _, f := range formats() {
		if f.mark == nil {
			continue
		}
		mark, err := f.mark(d)
		if err != nil {
			return nil, err
		}
		if mark == "" {
			continue
		}
		claims = append(claims, Claim{f.layout, mark})
		if f.reads == nil {
			continue
		}
		if file := d.mostlyNot(f.reads); file != "" {
			claims = append(claims, Claim{Segue, file})
		}
	}
	return claims, nil
}

// mostlyNot is a numbered file that is not such a runner's, where most are not; empty elsewhere. One stray
// file must not have the others read by rules that are not theirs.
func (d *directory) mostlyNot(reads func(file, text string) bool) string {
	first, not, all := "", 0, 0
	for _, file := range d.sql() {
		if !segueName.MatchString(strings.TrimSuffix(file, path.Ext(file))) {
			continue
		}
		all++
		if text, err := d.text(file); err == nil && !reads(file, text) {
			not++
			first = or(first, file)
		}
	}
	if 2*not <= all {
		return ""
	}
	return first
}

// noneBeside is for layouts whose migrations lie in folders: what lies beside these is not theirs.
func noneBeside(string, string) bool { return false }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// unmarked tells segue's own layout from files that have no order.
func (d *directory) unmarked() Layout {
	files := d.sql()
	for _, file := range files {
		if segueName.MatchString(strings.TrimSuffix(file, path.Ext(file))) {
			return Segue
		}
	}
	if len(files) == 0 {
		return Segue
	}
	return Plain
}

// markedText looks for a mark in the texts of the SQL files side by side in the directory. Texts
// without the word are not searched.
func (d *directory) markedText(word string, mark *regexp.Regexp) (string, error) {
	for _, file := range d.sql() {
		text, err := d.text(file)
		if err != nil {
			return "", err
		}
		if !strings.Contains(text, word) {
			continue
		}
		if found := strings.TrimSpace(mark.FindString(text)); found != "" {
			first, _, _ := strings.Cut(found, "\n")
			return fmt.Sprintf("%q in %s", strings.TrimSpace(first), file), nil
		}
	}
	return "", nil
}

// markedName looks for a file by its name.
func (d *directory) markedName(name *regexp.Regexp) string {
	for _, file := range d.files {
		if name.MatchString(file) {
			return file
		}
	}
	return ""
}

// folderWith looks for a folder that holds a file, and not another where that is said.
func (d *directory) folderWith(file, without string) string {
	for _, folder := range d.folders {
		if d.has(path.Join(folder, file)) && (without == "" || !d.has(path.Join(folder, without))) {
			return path.Join(folder, file)
		}
	}
	return ""
}
