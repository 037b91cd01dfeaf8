package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/migrate/source"
)

// writing is a directory that fixes are written to.
type writing struct {
	files  fs.FS
	before map[string]string // files that were there, as they are
	texts  map[string]string // files as they are to be
	isNew  map[string]bool
	notes  []string
}

// write applies fixes, all of which are independent of each other.
func (a *applying) write(fixes []*Fix) (*writing, error) {
	w := &writing{files: a.files, before: map[string]string{}, texts: map[string]string{}, isNew: map[string]bool{}}
	set := &source.Set{Layout: a.set.Layout, Migrations: slices.Clone(a.set.Migrations)}
	edits := map[string][]Edit{}
	appended := map[string]bool{}
	for _, fix := range fixes {
		path := fix.migration.Path
		edits[path] = append(edits[path], fix.Edits...)
		for _, follow := range fix.Follow {
			name := follow.Name
			for n := 2; appended[path+":"+name]; n++ {
				name = fmt.Sprintf("%s_%d", follow.Name, n)
			}
			if e, here, err := fix.migration.Append(name, follow.SQL, follow.Transaction); err != nil {
				return nil, fmt.Errorf("%w: %w", errUnfit, err)
			} else if here {
				edits[path], appended[path+":"+name] = append(edits[path], Edit{e.Start, e.End, e.Text}), true
				continue
			}
			draft, err := set.DraftOf(follow.Name, follow.SQL, follow.Transaction, a.now)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errUnfit, err)
			}
			set.Migrations = append(set.Migrations, source.Migration{Layout: set.Layout, Version: draft.Version})
			for _, file := range draft.Files {
				w.texts[file.Path], w.isNew[file.Path] = likeLines(file.Text, fix.migration.SQL), true
			}
			w.note(draft.Note)
			if strings.TrimSpace(fix.migration.Down.Text) != "" {
				w.note(fmt.Sprintf("what undoes %s stays in it, and undoes what is moved out of it too: roll all of them back together", path))
			}
		}
		for _, file := range fix.Files {
			if err := w.append(file); err != nil {
				return nil, err
			}
		}
	}
	for path, list := range edits {
		text, err := w.text(path)
		if err != nil {
			return nil, err
		}
		if w.texts[path], err = edited(text, list); err != nil {
			return nil, err
		}
	}
	return w, w.sum(a.set.Layout)
}

// likeLines is a text with the line ends of another.
func likeLines(text, other string) string {
	if strings.Contains(other, "\r\n") {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	return text
}

// text is a file's text, with its byte order mark.
func (w *writing) text(path string) (string, error) {
	if text, ok := w.texts[path]; ok {
		return text, nil
	}
	text, err := fs.ReadFile(w.files, path)
	if err != nil {
		return "", fmt.Errorf("reading what is to be fixed: %w", err)
	}
	w.before[path] = string(text)
	return string(text), nil
}

// append puts a text at the end of a file, which may not be there.
func (w *writing) append(file FixFile) error {
	text, err := w.text(file.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.isNew[file.Path] = true
	case err != nil:
		return err
	case strings.Contains(text, file.Text):
		return nil
	case text != "" && !strings.HasSuffix(text, "\n"):
		text += "\n"
	}
	w.texts[file.Path] = text + file.Text
	return nil
}

func (w *writing) note(text string) {
	if text != "" && !slices.Contains(w.notes, text) {
		w.notes = append(w.notes, text)
	}
}

const byteOrderMark = "\uFEFF"

// edited applies edits of a text that may start with a byte order mark, which they do not count. Two that are alike are
// one; that two overlap is a fix that does not fit.
func edited(text string, edits []Edit) (string, error) {
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	mark := len(text) - len(strings.TrimPrefix(text, byteOrderMark))
	var b strings.Builder
	at := 0
	for i, e := range edits {
		if slices.Contains(edits[:i], e) {
			continue
		}
		if mark+e.Start < at || e.End < e.Start || mark+e.End > len(text) {
			return "", fmt.Errorf("%w: it overlaps another", errUnfit)
		}
		b.WriteString(text[at : mark+e.Start])
		b.WriteString(e.Text)
		at = mark + e.End
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

// sum keeps the list of sums in step that Atlas guards a directory with.
func (w *writing) sum(layout source.Layout) error {
	if layout != source.Atlas {
		return nil
	}
	list, ok, err := source.AtlasSum(w.files, overlay{w.files, w.texts})
	if err != nil || !ok {
		return err
	}
	if _, err := w.text(list.Path); err != nil {
		return err
	}
	w.texts[list.Path] = list.Text
	w.notes = nil // it is hashed
	return nil
}

func (w *writing) changes() []Change {
	var changes []Change
	for _, path := range slices.Sorted(maps.Keys(w.texts)) {
		change := Change{Path: path, Before: w.before[path], After: w.texts[path], New: WasThere}
		if w.isNew[path] {
			change.New = IsNew
		}
		if change.Before != change.After || w.isNew[path] {
			changes = append(changes, change)
		}
	}
	return changes
}
