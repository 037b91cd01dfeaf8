package lint

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// between separates the statements of a text.
const between = ";\n"

// together makes the one fix of an arrangement.
func (f *file) together(a *arrangement, w *following) {
	fix := &Fix{}
	for _, e := range a.unboxed.Edits {
		fix.Edits = append(fix.Edits, Edit{e.Start, e.End, f.lines(e.Text)})
	}
	for _, file := range a.unboxed.Files {
		fix.Files = append(fix.Files, FixFile{file.Path, f.lines(file.Text)})
	}
	for _, at := range a.unbound {
		fix.Edits = append(fix.Edits, f.removal(f.script.Up[at].Statement, f.script.Up[at].Start.Offset))
	}
	var moved [][]dialects.Part
	var behind move
	var titles []string
	for i, r := range a.rewritings {
		if !slices.Contains(titles, r.title) {
			titles = append(titles, r.title)
		}
		s := f.script.Up[r.at].Statement
		rest := slices.Clone(r.parts[a.stay[i]:])
		if a.stay[i] > 0 {
			fix.Edits = append(fix.Edits, f.stays(s, r.parts[:a.stay[i]])...)
		} else {
			start, comments := f.above(s)
			fix.Edits = append(fix.Edits, f.removal(s, start))
			rest[0].SQL = comments + rest[0].SQL
		}
		if len(rest) == 0 {
			continue
		}
		if f.transactions() == dialects.ScriptedTransactions && f.placed[r.at].Boxed {
			fix.Edits = append(fix.Edits, f.behindCommit(r.at, rest))
			continue
		}
		moved = append(moved, rest)
		behind.add(a.moved(i))
	}
	fix.Title = strings.Join(titles, "; ")
	fix.Follow = f.follow(moved)
	slices.SortStableFunc(fix.Edits, func(a, b Edit) int { return a.Start - b.Start })
	for _, r := range a.rewritings {
		f.give(r, fix)
	}
	if len(fix.Follow) > 0 && f.migration.Layout != source.Liquibase { // there it comes right behind its changeset
		w.pending = append(w.pending, &pending{fix, behind})
	}
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

// above is where the comments right above a statement start, those with a blank line behind them left out, and their
// text. What stands in the same line before the statement keeps them where they are.
func (f *file) above(s dialects.Statement) (start int, comments string) {
	sql := f.migration.SQL
	start = s.Start.Offset
	for _, c := range slices.Backward(s.Comments) {
		between := sql[c.End.Offset:start]
		if strings.Count(between, "\n") > 1 || strings.TrimSpace(between) != "" {
			break
		}
		lineStart := strings.LastIndexByte(sql[:c.Start.Offset], '\n') + 1
		if strings.TrimSpace(sql[lineStart:c.Start.Offset]) != "" {
			break
		}
		start = c.Start.Offset
	}
	return start, strings.ReplaceAll(sql[start:s.Start.Offset], "\r\n", "\n")
}

// endsPlainly reports whether a statement ends with a semicolon, or the file with it.
func (f *file) endsPlainly(s dialects.ScriptStatement) bool {
	rest := strings.TrimLeft(f.migration.SQL[s.End.Offset:], " \t\r\n")
	return strings.HasPrefix(rest, ";") || strings.TrimLeft(f.migration.Up.Text[s.End.Offset:], " \t\r\n") == ""
}

// removal takes a statement out from an offset on, with its semicolon and the line end that is left over.
func (f *file) removal(s dialects.Statement, start int) Edit {
	sql := f.migration.SQL
	end := s.End.Offset
	if semicolon := strings.IndexByte(sql[end:], ';'); semicolon >= 0 && strings.TrimSpace(sql[end:end+semicolon]) == "" {
		end += semicolon + 1
	}
	lineStart := strings.LastIndexByte(sql[:start], '\n') + 1
	if feed := strings.IndexByte(sql[end:], '\n'); feed >= 0 && strings.TrimSpace(sql[end:end+feed]) == "" && strings.TrimSpace(sql[lineStart:start]) == "" {
		start, end = lineStart, end+feed+1
	}
	return Edit{Start: start, End: end}
}

// behindCommit puts parts behind the end of the transaction that a statement stands in.
func (f *file) behindCommit(at int, parts []dialects.Part) Edit {
	end := at
	for i := at; i < len(f.placed) && f.placed[i].Unit == f.placed[at].Unit; i++ {
		end = i
	}
	sql := f.migration.SQL
	offset := f.script.Up[end].End.Offset
	text := between
	if semicolon := strings.IndexByte(sql[offset:], ';'); semicolon >= 0 && strings.TrimSpace(sql[offset:offset+semicolon]) == "" {
		offset += semicolon + 1
		text = "\n"
	}
	return Edit{Start: offset, End: offset, Text: f.lines(text + joined(parts) + ";")}
}

// follow makes migrations of what does not stay in the file: as few as can run all of it as it has to.
func (f *file) follow(moved [][]dialects.Part) []Follow {
	follows := []Follow{}
	alone, _ := f.migration.Layout.Alone()
	_, commits := f.config.Dialect.(dialects.Autocommitter)
	var open []dialects.Part // of the migration that is being filled
	outside := false
	end := func() {
		if len(open) > 0 {
			follow := Follow{Name: open[0].Name, SQL: joined(open) + ";"}
			if outside {
				follow.Transaction = source.None
			}
			follows = append(follows, follow)
		}
		open, outside = nil, false
	}
	for _, parts := range moved {
		for i, p := range parts {
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
			open = append(open, p)
		}
	}
	end()
	return follows
}

func all(parts []dialects.Part, apart dialects.Apart) bool {
	return !slices.ContainsFunc(parts, func(p dialects.Part) bool { return p.Apart != apart })
}
