package lint

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// between separates the statements of a text.
const between = ";\n"

// together makes the fix of an arrangement. Each finding shows what of it is its own, unless one part needs another.
func (f *file) together(a *arrangement, w *following) {
	var shared Fix
	for _, e := range a.unboxed.Edits {
		shared.Edits = append(shared.Edits, Edit{e.Start, e.End, f.lines(e.Text)})
	}
	for _, file := range a.unboxed.Files {
		shared.Files = append(shared.Files, FixFile{file.Path, f.lines(file.Text)})
	}
	for _, at := range a.unbound {
		shared.Edits = append(shared.Edits, f.unbinding(at)...)
	}
	fix := &Fix{Edits: slices.Clone(shared.Edits), Files: shared.Files}
	own := make([]*Fix, len(a.rewritings))
	var moved []moving
	var behind move
	var titles []string
	for i, r := range a.rewritings {
		if !slices.Contains(titles, r.title) {
			titles = append(titles, r.title)
		}
		edits, rest := f.places(a, i)
		fix.Edits = append(fix.Edits, edits...)
		own[i] = &Fix{Title: r.title, Edits: slices.Concat(shared.Edits, edits), Files: shared.Files, all: fix}
		if len(rest) > 0 {
			m := moving{rest, f.timeouts(r.at)}
			moved = append(moved, m)
			own[i].Follow = f.follow([]moving{m})
			behind.add(a.moved(i))
		}
	}
	fix.Edits = append(fix.Edits, f.idle(a)...)
	fix.Title = strings.Join(titles, "; ")
	fix.Follow = f.follow(moved)
	for i, r := range a.rewritings {
		if len(own) == 1 || a.entangled() {
			own[i] = fix
		}
		slices.SortStableFunc(own[i].Edits, func(a, b Edit) int { return a.Start - b.Start })
		f.give(r, own[i])
	}
	f.complete(fix)
	if len(fix.Follow) > 0 && f.migration.Layout != source.Liquibase { // there it comes right behind its changeset
		w.pending = append(w.pending, &pending{fix, behind})
	}
}

// places are the edits for one rewriting, and the parts of it that do not stay in the file.
func (f *file) places(a *arrangement, i int) (edits []Edit, rest []dialects.Part) {
	r := a.rewritings[i]
	rest = slices.Clone(r.parts[a.stay[i]:])
	if a.stay[i] > 0 {
		edits = f.stays(f.script.Up[r.at].Statement, r.parts[:a.stay[i]])
	} else {
		edit, comments := f.leaves(r.at)
		edits = []Edit{edit}
		rest[0].SQL = comments + rest[0].SQL
	}
	if len(rest) > 0 && f.transactions() == dialects.ScriptedTransactions && f.placed[r.at].Boxed {
		return append(edits, f.behindCommit(r.at, rest)), nil
	}
	return edits, rest
}

// stays puts parts in the place of a statement; none where that is the statement itself.
func (f *file) stays(s dialects.Statement, parts []dialects.Part) []Edit {
	if e := f.edit(s, joined(parts)); e.Start < e.End || e.Text != "" {
		return []Edit{e}
	}
	return nil
}

func joined(parts []dialects.Part) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.SQL
	}
	return strings.Join(texts, between)
}

// ending is what stands between a statement's last token and the next statement.
type ending struct {
	semicolon int  // its offset; below 0 where none ends the statement
	plain     bool // a semicolon ends the statement, or the file does
	comments  []dialects.Comment
}

func (f *file) endingOf(at int) ending {
	end, text := f.script.Up[at].End.Offset, f.migration.Up.Text
	next := len(text)
	e := ending{semicolon: -1}
	if at+1 < len(f.script.Up) {
		next, e.comments = f.script.Up[at+1].Start.Offset, f.script.Up[at+1].Comments
	} else if tail := f.config.Dialect.Parse(text[end:] + "\n;SELECT 1"); len(tail) > 0 {
		for _, c := range tail[0].Comments {
			c.Start.Offset, c.End.Offset = c.Start.Offset+end, min(c.End.Offset+end, next)
			e.comments = append(e.comments, c)
		}
	}
	i := end
	for _, c := range e.comments {
		if strings.Trim(text[i:c.Start.Offset], blanks) != "" {
			break
		}
		i = c.End.Offset
	}
	i += len(text[i:next]) - len(strings.TrimLeft(text[i:next], blanks))
	switch {
	case i == len(text):
		e.plain = true
	case i < next && text[i] == ';' && f.migration.SQL[i] == ';':
		e.plain, e.semicolon = true, i
	}
	return e
}

const blanks = " \t\r\n\f\v"

// endsPlainly reports whether a statement ends with a semicolon, or the file with it.
func (f *file) endsPlainly(at int) bool { return f.endingOf(at).plain }

// leaves takes a statement out of the file, with its semicolon, the line end that is left over, the runner's marks that
// are for it alone, and the comments that are about it: those right above it, and those from its last token to the end
// of the line with its semicolon.
func (f *file) leaves(at int) (e Edit, comments string) {
	s, sql, ending := f.script.Up[at], f.migration.SQL, f.endingOf(at)
	from, to, enclosed := f.migration.Enclosure(s.Start.Offset, s.End.Offset)
	if !enclosed {
		from, to = s.Start.Offset, max(s.End.Offset, ending.semicolon+1)
	}
	start := f.above(s.Statement, from)
	for _, c := range s.Comments {
		if c.Start.Offset >= start {
			comments += commentLine(c)
		}
	}
	for _, c := range ending.comments {
		own := c.Start.Offset < to
		if !own && !enclosed && isOwnLine(sql, start) && strings.Trim(sql[to:c.Start.Offset], " \t") == "" {
			own, to = true, c.End.Offset
		}
		if own {
			comments += commentLine(c)
		}
	}
	return f.cut(start, to), comments
}

func commentLine(c dialects.Comment) string {
	return strings.ReplaceAll(strings.TrimRight(c.Text, blanks), "\r\n", "\n") + "\n"
}

// above is where the comments right above an offset start that a statement's text or marks start at, those with a blank
// line behind them left out. What stands in the same line before the statement keeps them where they are.
func (f *file) above(s dialects.Statement, start int) int {
	sql := f.migration.SQL
	for _, c := range slices.Backward(s.Comments) {
		if c.Start.Offset >= start {
			continue
		}
		between := sql[c.End.Offset:start]
		if strings.Count(between, "\n") > 1 || strings.TrimSpace(between) != "" || !isOwnLine(sql, c.Start.Offset) {
			break
		}
		start = c.Start.Offset
	}
	return start
}

// isOwnLine reports whether nothing stands before an offset in its line.
func isOwnLine(sql string, at int) bool {
	return strings.TrimSpace(sql[strings.LastIndexByte(sql[:at], '\n')+1:at]) == ""
}

// cut takes a stretch out, and its lines where nothing else is on them.
func (f *file) cut(start, end int) Edit {
	sql := f.migration.SQL
	lineStart := strings.LastIndexByte(sql[:start], '\n') + 1
	if feed := strings.IndexByte(sql[end:], '\n'); feed >= 0 && strings.TrimSpace(sql[end:end+feed]) == "" && isOwnLine(sql, start) {
		start, end = lineStart, end+feed+1
	}
	return Edit{Start: start, End: end}
}

// unbinding takes BEGIN or COMMIT out with its semicolon; comments between the two stay.
func (f *file) unbinding(at int) []Edit {
	s, ending := f.script.Up[at], f.endingOf(at)
	switch {
	case ending.semicolon < 0:
		return []Edit{f.cut(s.Start.Offset, s.End.Offset)}
	case len(ending.comments) > 0 && ending.comments[0].Start.Offset < ending.semicolon:
		return []Edit{{Start: s.Start.Offset, End: s.End.Offset}, {Start: ending.semicolon, End: ending.semicolon + 1}}
	}
	return []Edit{f.cut(s.Start.Offset, ending.semicolon+1)}
}

// behindCommit puts parts behind the end of the transaction that a statement stands in.
func (f *file) behindCommit(at int, parts []dialects.Part) Edit {
	end := at
	for i := at; i < len(f.placed) && f.placed[i].Unit == f.placed[at].Unit; i++ {
		end = i
	}
	offset, text := f.script.Up[end].End.Offset, between
	if ending := f.endingOf(end); ending.semicolon >= 0 {
		offset, text = ending.semicolon+1, "\n"
	}
	return Edit{Start: offset, End: offset, Text: f.lines(text + joined(parts) + ";")}
}

// moving are parts of a statement that do not stay in the file.
type moving struct {
	parts    []dialects.Part
	timeouts []string // the file's, which hold for them
}

// follow makes migrations of what does not stay in the file: as few as can run all of it as it has to. They wait for
// locks as long as the file has them wait; but what runs outside of transactions does not give up half-way.
func (f *file) follow(moved []moving) []Follow {
	follows := []Follow{}
	alone, _ := f.migration.Layout.Alone()
	_, commits := f.config.Dialect.(dialects.Autocommitter)
	var open, statements []dialects.Part // of the migration that is being filled; with what it sets
	outside := false
	end := func() {
		if len(open) > 0 {
			follow := Follow{Name: open[0].Name, SQL: joined(statements) + ";"}
			if outside {
				follow.Transaction = source.None
			}
			follows = append(follows, follow)
		}
		open, statements, outside = nil, nil, false
	}
	for _, m := range moved {
		for i, p := range m.parts {
			switch {
			case p.Apart == dialects.Outside:
				if !outside || alone == source.Implicit {
					end()
				}
				outside = true
			case p.Apart == dialects.Committed && (commits || i > 0 || !all(open, dialects.Committed)):
				if !outside || alone != source.None {
					end()
				}
			case outside && alone == source.Implicit, i == 0 && p.Apart == dialects.Together:
				end()
			}
			for _, set := range m.timeouts {
				if p.Apart != dialects.Outside && !slices.ContainsFunc(statements, func(p dialects.Part) bool { return p.SQL == set }) {
					statements = append(statements, dialects.Part{SQL: set})
				}
			}
			open, statements = append(open, p), append(statements, p)
		}
	}
	end()
	return follows
}

func all(parts []dialects.Part, apart dialects.Apart) bool {
	return !slices.ContainsFunc(parts, func(p dialects.Part) bool { return p.Apart != apart })
}

// timeouts are the statements that say how long the one of an index waits for locks, or works.
func (f *file) timeouts(at int) []string {
	var names, texts []string
	for i, s := range f.script.Up[:at] {
		if !f.setsTimeout(i) {
			continue
		}
		name := s.Changes[0].(dialects.Setting).Name
		if n := slices.Index(names, name); n >= 0 {
			names, texts = slices.Delete(names, n, n+1), slices.Delete(texts, n, n+1)
		}
		names, texts = append(names, name), append(texts, f.authors(s.Statement))
	}
	return texts
}

// setsTimeout reports whether a statement does nothing but set a timeout.
func (f *file) setsTimeout(at int) bool {
	changes := f.script.Up[at].Changes
	set, ok := changes[0].(dialects.Setting)
	return ok && len(changes) == 1 && isTimeout(set.Name)
}

// idle takes timeouts out of the file that nothing is behind any more for which they were set.
func (f *file) idle(a *arrangement) []Edit {
	var edits []Edit
	moved := false
	for at := len(f.script.Up) - 1; at >= 0; at-- {
		switch {
		case f.placed[at].Role != dialects.Runs:
		case a.goes(at):
			moved = true
		case !f.setsTimeout(at):
			return edits
		case moved:
			if edit, comments := f.leaves(at); comments == "" {
				edits = append(edits, edit)
			}
		}
	}
	return edits
}
