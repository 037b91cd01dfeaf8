package source

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// liquibaseFormat is Liquibase's formatted SQL: a file holds changesets, each of which is a migration, in
// the order of the root changelog's includes, else of their paths. Changesets in XML, YAML or JSON are
// refused.
var liquibaseFormat = format{
	layout: Liquibase,
	mark:   liquibaseMark,
	reads:  func(_, text string) bool { return liquibaseHead.MatchString(text) },
	read:   readLiquibase,
	unbox:  unboxChangeset,
	draft: func(d drafting) (Draft, error) {
		file, attributes := d.stamp()+"_"+d.name+".sql", ""
		if d.transaction == None {
			attributes = liquibaseNone
		}
		if n := len(d.set.Migrations); n > 0 {
			if folder := path.Dir(d.set.Migrations[n-1].Path); folder != "." {
				file = folder + "/" + file
			}
		}
		draft := oneFile("AUTHOR:"+d.name, file, "--liquibase formatted sql\n\n--changeset AUTHOR:"+d.name+attributes+"\n"+d.up+"--rollback not required\n")
		draft.Note = "name its author, and include the file in the changelog"
		return draft, nil
	},
}

// liquibaseNone is the attribute that has a changeset run outside of transactions.
const liquibaseNone = " runInTransaction:false"

var (
	liquibaseHead      = regexp.MustCompile(`(?i)\A\s*--\s*liquibase\s*formatted.*`)
	liquibaseChangelog = regexp.MustCompile(`(?i)\.(xml|ya?ml|json)$`)
	liquibaseInclude   = regexp.MustCompile(`(?i)\b(file|path)"?\s*[:=]\s*["']?([^\s"',}<>]+)`)
	liquibaseChange    = regexp.MustCompile(`(?i)(<|\b)changeSet"?\s*(:|\s|>)`)
)

func liquibaseMark(d *directory) (string, error) {
	files, err := d.near()
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := d.text(file)
		if err != nil {
			return "", err
		}
		if mark := liquibaseHead.FindString(text); mark != "" {
			return fmt.Sprintf("%q in %s", strings.TrimSpace(mark), file), nil
		}
	}
	return "", nil
}

func readLiquibase(d *directory) ([]Migration, error) {
	files, err := d.all()
	if err != nil {
		return nil, err
	}
	order := liquibaseOrder{directory: d, left: files}
	for _, file := range d.files {
		if liquibaseChangelog.MatchString(file) {
			if err := order.changelog(file); err != nil {
				return nil, err
			}
		}
	}
	order.ordered = append(order.ordered, order.left...)
	migrations := order.refused
	seen := map[string]bool{}
	for _, file := range order.ordered {
		text, err := d.text(file)
		if err != nil {
			return nil, err
		}
		if !liquibaseHead.MatchString(text) {
			continue
		}
		for _, m := range changesets(file, text) {
			if seen[m.Version] {
				m.Version += "@" + file // an id is one in its file
			}
			seen[m.Version] = true
			migrations = append(migrations, m)
		}
	}
	return migrations, nil
}

// liquibaseOrder puts files in the order in which changelogs include them.
type liquibaseOrder struct {
	*directory
	left    []string // not included yet, in the order of their paths
	ordered []string
	refused []Migration // changelogs with changesets of their own
	read    []string
}

func (o *liquibaseOrder) changelog(file string) error {
	text, err := o.text(file)
	if err != nil || !strings.Contains(text, "databaseChangeLog") || slices.Contains(o.read, file) {
		return err
	}
	o.read = append(o.read, file)
	if at := liquibaseChange.FindStringIndex(text); at != nil {
		m, err := o.migration(file, file, strings.TrimSuffix(path.Base(file), path.Ext(file)))
		if err != nil {
			return err
		}
		m.Up = blank(m, One)
		m.Up.unread(at[0], "it has changesets that are not SQL", "write them as formatted SQL, or run them with Liquibase")
		o.refused = append(o.refused, m)
	}
	for _, include := range liquibaseInclude.FindAllStringSubmatch(text, -1) {
		if err := o.include(include[2]); err != nil {
			return err
		}
	}
	return nil
}

// include takes the file of that path, or the files of that folder. Paths are those of a search path,
// of which the directory may be only the end.
func (o *liquibaseOrder) include(target string) error {
	target = path.Clean(strings.TrimPrefix(target, "classpath:"))
	if liquibaseChangelog.MatchString(target) {
		for _, file := range o.files {
			if target == file || strings.HasSuffix(target, "/"+file) {
				return o.changelog(file)
			}
		}
		return nil
	}
	o.left = slices.DeleteFunc(o.left, func(file string) bool {
		folder := path.Dir(file)
		chosen := target == file || strings.HasSuffix(target, "/"+file) || target == folder || strings.HasSuffix(target, "/"+folder)
		if chosen {
			o.ordered = append(o.ordered, file)
		}
		return chosen
	})
	return nil
}
