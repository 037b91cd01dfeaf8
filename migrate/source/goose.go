package source

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// gooseFormat is goose's: VERSION_NAME.sql with annotations, and migrations in Go beside them. goose sends
// statement by statement, in one transaction per file unless an annotation says otherwise.
var gooseFormat = format{
	layout:  Goose,
	mark:    func(d *directory) (string, error) { return d.markedText("+goose", gooseUp) },
	reads:   func(_, text string) bool { return gooseUp.MatchString(text) },
	read:    readGoose,
	compare: Compare,
	unbox:   unboxGoose,
	draft: func(d drafting) (Draft, error) {
		version := d.stamp()
		if newest := d.set.Newest(); newest != "" && len(newest) < len(timestamp) {
			version = d.next("")
		}
		head := ""
		if d.transaction == None {
			head = gooseNone
		}
		return oneFile(version, version+"_"+d.name+".sql", head+"-- +goose Up\n"+d.up+"-- +goose Down\n"), nil
	},
}

// gooseNone has a file's two parts run outside of transactions.
const gooseNone = "-- +goose NO TRANSACTION\n"

var (
	gooseUp   = regexp.MustCompile(`(?im)^[ \t]*--[ \t]*\+goose[ \t]+(up|down|no transaction)\b.*$`)
	gooseName = regexp.MustCompile(`^([0-9]+)_(.*)\.(sql|go)$`)
	// gooseMark is an annotation; all dashes are taken out, wherever they stand.
	gooseMark = regexp.MustCompile(`^\s*--.*\+goose`)
)

func readGoose(d *directory) ([]Migration, error) {
	var migrations []Migration
	for _, file := range d.files {
		name := gooseName.FindStringSubmatch(file)
		if name == nil || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if n, err := strconv.ParseInt(name[1], 10, 64); err != nil || n < 1 {
			continue
		}
		if path.Ext(file) == ".go" {
			m, err := d.inCode(file, name[1], name[2], "Go", Goose)
			if err != nil {
				return nil, err
			}
			migrations = append(migrations, m)
			continue
		}
		m, err := d.migration(file, name[1], name[2])
		if err != nil {
			return nil, err
		}
		m.Up, m.Down = gooseParts(m)
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// gooseReader reads a file line by line, as goose does.
type gooseReader struct {
	sections
	began       int // where StatementBegin stands; -1 outside of one
	substitutes bool
}

func gooseParts(m Migration) (up, down Part) {
	r := gooseReader{sections: newSections(m, One), began: -1}
	for l := range lines(m.SQL) {
		r.line(m.SQL[l.start:l.end], l)
	}
	if r.now == above {
		r.up.broken(0, "it has no -- +goose Up", "put -- +goose Up above the first statement")
	}
	if r.began >= 0 {
		r.part().broken(r.began, "its -- +goose StatementBegin has no end", "put -- +goose StatementEnd behind the statement")
	}
	return r.parts()
}

func (r *gooseReader) line(text string, l line) {
	if gooseMark.MatchString(text) {
		r.mark(text, l)
		return
	}
	r.take(l)
	bare := strings.TrimSpace(text)
	switch {
	case r.now == above && bare != "" && !strings.HasPrefix(bare, "--"):
		r.up.broken(l.start, "a statement stands above -- +goose Up", "put -- +goose Up above the first statement")
		r.now = upward
	case r.substitutes:
		r.part().placeholders(r.sheet(), l, envPlaceholder)
	}
}

// mark reads an annotation.
func (r *gooseReader) mark(text string, l line) {
	word := strings.Join(strings.Fields(strings.Replace(strings.ReplaceAll(text, "--", ""), "+goose", "", 1)), " ")
	r.leave(l)
	if !strings.HasPrefix(text, "--") {
		r.part().broken(l.start, "-- +goose "+word+" stands behind blanks, which goose refuses", "take them out")
	}
	switch strings.ToUpper(word) {
	case "UP":
		r.now = upward
	case "DOWN":
		r.now = downward
	case "NO TRANSACTION":
		r.up.Transaction, r.down.Transaction = None, None
	case "STATEMENTBEGIN":
		r.began = l.start
	case "STATEMENTEND":
		r.began = -1
		r.sheet().separate(l.start, l.end)
	case "ENVSUB ON", "ENVSUBST ON":
		r.substitutes = true
	case "ENVSUB OFF", "ENVSUBST OFF":
		r.substitutes = false
	default:
		r.part().broken(l.start, "-- +goose "+word+" is no annotation that goose knows", "mend the line")
	}
}
