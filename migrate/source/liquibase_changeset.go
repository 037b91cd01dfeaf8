package source

import (
	"regexp"
	"strings"
)

var (
	changesetHead   = regexp.MustCompile(`(?i)^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+)(.*)$`)
	changesetValue  = regexp.MustCompile(`([A-Za-z]+):("[^"]*"|\S+)`)
	liquibaseLine   = regexp.MustCompile(`(?i)^\s*--\s*(rollback|preconditions|precondition-[a-z-]+|property|comment|validCheckSum|ignoreLines|logicalFilePath)\b:?[ \t]*`)
	rollbackStart   = regexp.MustCompile(`(?i)^\s*/\*\s*liquibase\s*rollback\s*$`)
	rollbackNothing = regexp.MustCompile(`(?i)^(empty|not required)\s*;?$`)
	liquibaseGo     = regexp.MustCompile(`(?i)^\s*GO\s*$`)
)

// changesetReader reads a file of formatted SQL line by line.
type changesetReader struct {
	file, text string
	migrations []Migration
	sections            // of the changeset that is being read
	open       bool     // there is one
	start      int      // where its line is
	properties []string // of its line: key:value
	skip       int      // lines to leave out; below 0 up to ignoreLines:end
	rollback   bool     // within a block comment of what undoes it
	undone     bool     // there is something that undoes it
}

func changesets(file, text string) []Migration {
	r := changesetReader{file: file, text: text}
	for l := range lines(text) {
		r.line(l, text[l.start:l.end])
	}
	r.close(len(text))
	return r.migrations
}

func (r *changesetReader) line(l line, text string) {
	if head := changesetHead.FindStringSubmatch(text); head != nil && r.skip == 0 {
		r.close(l.start)
		r.begin(l, head)
		return
	}
	if !r.open {
		return
	}
	word := liquibaseLine.FindStringSubmatch(text)
	switch {
	case word != nil && strings.EqualFold(word[1], "ignoreLines"):
		r.ignore(strings.TrimSpace(text[len(word[0]):]))
		r.leave(l)
	case r.skip != 0:
		if r.skip > 0 {
			r.skip--
		}
		r.leave(l)
	case r.rollback:
		r.block(l, text, 0)
	case rollbackStart.MatchString(text):
		r.rollback = true
		r.block(l, text, len(rollbackStart.FindString(text)))
	case word != nil:
		r.word(l, strings.ToLower(word[1]), text, len(word[0]))
	case liquibaseGo.MatchString(text):
		r.downText.blank(l.start, l.end)
		r.upText.separate(l.start, l.end)
	default:
		r.take(l)
	}
}

// begin starts a changeset: all of the text above it is blanked.
func (r *changesetReader) begin(l line, head []string) {
	m := Migration{Version: unquoted(head[1]) + ":" + unquoted(head[2]), Name: unquoted(head[2]), Path: r.file, SQL: r.text}
	r.migrations = append(r.migrations, m)
	r.sections = newSections(m, One)
	r.now, r.open, r.start, r.rollback, r.undone = upward, true, l.start, false, false
	r.leave(line{0, l.end})
	r.properties = nil
	r.up.refuseProperties(l.start, head[3])
	for _, p := range changesetValue.FindAllStringSubmatch(head[3], -1) {
		r.properties = append(r.properties, strings.ToLower(p[1])+":"+unquoted(p[2]))
	}
}

// refuseProperties refuses what segue does not do as Liquibase does.
func (p *Part) refuseProperties(at int, head string) {
	for _, found := range changesetValue.FindAllStringSubmatch(head, -1) {
		switch key := strings.ToLower(found[1]); {
		case (key == "runonchange" || key == "runalways") && found[2] == "true":
			p.unrun(at, "it has "+found[1]+": Liquibase runs it again", "make a changeset of each change")
		case key == "failonerror" && found[2] == "false":
			p.unrun(at, "it has failOnError:false: Liquibase goes on when it fails", "take that out, or run it with Liquibase")
		case key == "runwith":
			p.unrun(at, "it has runWith:"+found[2], "take that out, or run it with Liquibase")
		case key == "ignore" && found[2] == "true":
			p.Databases = []string{"none"}
		case key == "dbms":
			p.Databases = strings.Split(strings.ToLower(strings.Trim(found[2], `"`)), ",")
		}
	}
}

func (r *changesetReader) property(key string) string {
	for _, p := range r.properties {
		if value, ok := strings.CutPrefix(p, key+":"); ok {
			return value
		}
	}
	return ""
}

func (r *changesetReader) ignore(argument string) {
	switch strings.ToLower(argument) {
	case "start":
		r.skip = -1
	case "end":
		r.skip = 0
	default:
		for _, digit := range argument {
			if digit < '0' || digit > '9' || r.skip > 1e6 {
				break
			}
			r.skip = 10*max(r.skip, 0) + int(digit-'0')
		}
	}
}

// word reads a line that starts with one of Liquibase's words; its argument starts at an offset.
func (r *changesetReader) word(l line, word, text string, argument int) {
	r.upText.blank(l.start, l.end)
	switch {
	case word == "rollback":
		r.undo(l, text, argument)
		return
	case strings.HasPrefix(word, "precondition"):
		r.up.unrun(l.start, "it has preconditions, which Liquibase checks", "take them out, or run it with Liquibase")
	}
	r.downText.blank(l.start, l.end)
}

// undo makes what stands behind an offset of a line part of what undoes the changeset.
func (r *changesetReader) undo(l line, text string, from int) {
	rest := strings.TrimSpace(text[from:])
	if strings.HasPrefix(strings.ToLower(rest), "changesetid:") {
		r.down.unread(l.start, "its rollback is another changeset", "write the statements here")
		rest = ""
	}
	if rest == "" || rollbackNothing.MatchString(rest) {
		r.downText.blank(l.start, l.end)
		return
	}
	r.downText.blank(l.start, l.start+from)
	r.undone = true
}

// block reads a line of a block comment that undoes the changeset, from an offset on.
func (r *changesetReader) block(l line, text string, from int) {
	r.upText.blank(l.start, l.end)
	if end := strings.Index(text[from:], "*/"); end >= 0 {
		r.downText.blank(l.start+from+end, l.end)
		text = text[:from+end]
		r.rollback = false
	}
	r.undo(l, text, from)
}

// close ends a changeset; nothing of the text below is its own.
func (r *changesetReader) close(end int) {
	if !r.open {
		return
	}
	m := &r.migrations[len(r.migrations)-1]
	m.Checksum = Checksum(strings.TrimSpace(r.text[r.start:end]))
	m.Up, m.Down = r.up, r.down
	m.Repeats = r.property("runonchange") == "true" || r.property("runalways") == "true"
	// What follows is left off: of a file with a thousand changesets each would hold all.
	m.Up.Text, m.Down.Text = string(r.upText.text[:end]), string(r.downText.text[:end])
	m.Up.liquibaseText(r.property("enddelimiter"))
	m.Down.liquibaseText(r.property("rollbackenddelimiter"))
	if r.property("runintransaction") == "false" {
		m.Up.Transaction, m.Down.Transaction = None, None
		if r.property("splitstatements") == "false" {
			m.Up.Transaction = Implicit
		}
	}
	if !r.undone {
		m.Down = Part{}
	}
}

// liquibaseText separates statements at a delimiter, and makes names of placeholders.
func (p *Part) liquibaseText(delimiter string) {
	text := newSheet(p.Text)
	p.placeholders(text, line{0, len(p.Text)}, bracePlaceholder)
	p.Text = text.String()
	switch plain := unescaped(delimiter); {
	case plain == "" || plain == ";" || strings.EqualFold(plain, "go"):
	case plain == "/":
		p.Text = slashLines(p.Text)
	case regexp.QuoteMeta(plain) != plain && strings.ContainsAny(plain, `\*+?[(|`):
		p.unread(0, "its endDelimiter is a regular expression", "write a plain delimiter, such as //")
	default:
		p.Text = splitBy(p.Text, plain)
	}
}

// slashLines separates statements at lines that are a slash.
func slashLines(text string) string {
	s := newSheet(text)
	for l := range lines(text) {
		if strings.TrimSpace(text[l.start:l.end]) == "/" {
			s.separate(l.start, l.end)
		}
	}
	return s.String()
}
