package source

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// flywayFormat is Flyway's: V (versioned), U (undo), R (repeatable) and B (baseline) files in folders to
// any depth, each a transaction unless its .conf, or a statement that cannot run in one, says otherwise.
var flywayFormat = format{
	layout:  Flyway,
	mark:    flywayMark,
	reads:   func(file, _ string) bool { return flywayName.MatchString(file) },
	read:    readFlyway,
	compare: compareFlyway,
	unbox: func(m Migration, statements []string) (Unboxed, error) {
		if bearsNone(strings.Join(statements, ";\n") + ";") {
			return Unboxed{}, nil
		}
		return Unboxed{Files: []DraftFile{flywayConf(m.Path)}}, nil
	},
	draft: func(d drafting) (Draft, error) {
		version := nextFlyway(d)
		draft := oneFile(version, "V"+version+"__"+d.name+".sql", d.up)
		if file := draft.Files[0]; d.transaction == None && !bearsNone(file.Text) {
			draft.Files = append(draft.Files, flywayConf(file.Path))
		}
		return draft, nil
	},
}

var flywayName = regexp.MustCompile(`(?i)^(?:([VUB])([0-9]+(?:[._][0-9]+)*)|R)__(.*)\.sql$`)

func flywayMark(d *directory) (string, error) {
	files, err := d.near()
	if err != nil {
		return "", err
	}
	for _, file := range files {
		if flywayName.MatchString(path.Base(file)) {
			return file, nil
		}
	}
	return "", nil
}

func readFlyway(d *directory) ([]Migration, error) {
	files, err := d.all()
	if err != nil {
		return nil, err
	}
	pairs := pairing{directory: d}
	var baselines, repeatables []Migration
	for _, file := range files {
		name := flywayName.FindStringSubmatch(path.Base(file))
		if name == nil {
			continue
		}
		kind, version := strings.ToUpper(name[1]), strings.ReplaceAll(name[2], "_", ".")
		m, err := d.migration(file, version, strings.ReplaceAll(name[3], "_", " "))
		if err != nil {
			return nil, err
		}
		if m.Up, err = d.flywayPart(m); err != nil {
			return nil, err
		}
		switch kind {
		case "V":
			pairs.ups = append(pairs.ups, m)
		case "U":
			pairs.downs = append(pairs.downs, m)
		case "B":
			baselines = append(baselines, m)
		default:
			m.Version, m.Repeats = "R:"+m.Name, true
			m.Up.unrun(0, "it is repeatable: Flyway runs it again whenever it has changed", "make a versioned migration of the change")
			repeatables = append(repeatables, m)
		}
	}
	migrations, err := pairs.migrations()
	if err != nil {
		return nil, err
	}
	return slices.Concat(withBaseline(migrations, baselines), repeatables), nil
}

// withBaseline adds the newest baseline where there is nothing that it could stand for: of a database that
// was made by the versions before it, it is no part.
func withBaseline(migrations, baselines []Migration) []Migration {
	if len(baselines) == 0 {
		return migrations
	}
	newest := slices.MaxFunc(baselines, func(a, b Migration) int { return compareFlyway(a.Version, b.Version) })
	for _, m := range migrations {
		if compareFlyway(m.Version, newest.Version) <= 0 {
			return migrations
		}
	}
	return append(migrations, newest)
}

func isRepeatable(version string) bool { return strings.HasPrefix(version, "R:") }

// compareFlyway compares part by part by value, so that 1.0 is 1; repeatables come last, by their
// descriptions.
func compareFlyway(a, b string) int {
	switch {
	case isRepeatable(a) && isRepeatable(b):
		return strings.Compare(a, b)
	case isRepeatable(a):
		return 1
	case isRepeatable(b):
		return -1
	}
	return Compare(flywayKey(a), flywayKey(b))
}

// flywayKey takes zeros off the end, part by part.
func flywayKey(version string) string {
	parts := strings.Split(strings.ReplaceAll(version, "_", "."), ".")
	for len(parts) > 1 && strings.Trim(parts[len(parts)-1], "0") == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, ".")
}

// nextFlyway counts on in the first part of the newest version.
func nextFlyway(d drafting) string {
	first, _, _ := strings.Cut(d.set.Newest(), ".")
	if first == "" {
		return "1"
	}
	d.set = &Set{Migrations: []Migration{{Version: first}}}
	return d.next("1")
}

// flywayPart reads a file's part with its .conf.
func (d *directory) flywayPart(m Migration) (Part, error) {
	part := whole(m, One)
	conf, err := d.optional(m.Path + ".conf")
	if err != nil {
		return part, err
	}
	settings := properties(conf)
	text := newSheet(m.SQL)
	if !strings.EqualFold(settings["placeholderreplacement"], "false") {
		part.placeholders(text, line{0, len(m.SQL)}, bracePlaceholder)
	}
	for at, end := range copiedRows(m.SQL) {
		part.unrun(at, "COPY FROM STDIN takes its rows from the file", "write the rows as INSERT, or run the file with Flyway")
		text.blank(at, end)
	}
	part.Text = text.String()
	part.flywayTransaction(settings["executeintransaction"])
	if settings["shouldexecute"] != "" && !strings.EqualFold(settings["shouldexecute"], "true") {
		part.unrun(0, "its .conf has shouldExecute", "take it out, or run the file with Flyway")
	}
	return part, nil
}

// unboxed are the statements that Flyway knows not to run in a transaction.
var unboxed = regexp.MustCompile(`(?i)^(?:(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|` +
	`(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY|REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD\s+ALL)\b`)

// bearsNone reports whether Flyway runs a text's statements outside of transactions unasked.
func bearsNone(text string) bool {
	part := Part{Text: text, Transaction: One}
	part.flywayTransaction("")
	return part.Transaction == None && len(part.Refusals) == 0
}

// flywayConf is the file that has Flyway run another outside of transactions.
func flywayConf(file string) DraftFile {
	return DraftFile{file + ".conf", "executeInTransaction=false\n"}
}

// flywayTransaction decides for a file: as it is told, else by what the statements can bear.
func (p *Part) flywayTransaction(told string) {
	alone, all := 0, 0
	for statement := range statements(p.Text) {
		all++
		if unboxed.MatchString(statement) {
			alone++
		}
	}
	switch {
	case strings.EqualFold(told, "false"):
		p.Transaction = None
	case alone == 0 || strings.EqualFold(told, "true"):
	case alone < all:
		p.Transaction = None
		p.broken(0, fmt.Sprintf("%d of its %d statements cannot run in a transaction, and Flyway refuses such a mixture", alone, all),
			"put them in a file of their own")
	default:
		p.Transaction = None
	}
}

// properties reads a Java properties file, as far as Flyway's settings go; keys are in lower case.
func properties(text string) map[string]string {
	settings := map[string]string{}
	for l := range strings.SplitSeq(text, "\n") {
		key, value, ok := strings.Cut(strings.TrimSpace(l), "=")
		if key = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(key), "flyway.")); ok && !strings.HasPrefix(key, "#") {
			settings[key] = strings.TrimSpace(value)
		}
	}
	return settings
}
