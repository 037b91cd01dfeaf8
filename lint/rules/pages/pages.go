// Package pages writes the documentation of the rules: docs/rules is made of nothing else.
package pages

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// Writer writes the pages of a suite. Dialect is a server's: what segue does about an example is what
// it really does.
type Writer struct {
	Rules   []lint.Rule
	Dialect func(dialects.Version) dialects.Dialect
}

// All are all pages, by their files' names.
func (w Writer) All(ctx context.Context) (map[string]string, error) {
	all := map[string]string{"README.md": w.Index(), "peers.md": w.Peers()}
	for i := range w.Rules {
		page, err := w.Page(ctx, &w.Rules[i])
		if err != nil {
			return nil, err
		}
		all[w.Rules[i].ID+".md"] = page
	}
	return all, nil
}

// kinds are the servers, in the order in which pages name them.
var kinds = []dialects.Kind{dialects.Postgres, dialects.MySQL, dialects.MariaDB}

// titles are the servers' names as people write them.
var titles = map[dialects.Kind]string{dialects.Postgres: "Postgres", dialects.MySQL: "MySQL", dialects.MariaDB: "MariaDB"}

// servers names kinds, as in "MySQL and MariaDB".
func servers(list []dialects.Kind) string {
	var names []string
	for _, k := range list {
		names = append(names, titles[k])
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// spoken are the servers that a rule is for.
func spoken(r *lint.Rule) []dialects.Kind {
	var list []dialects.Kind
	for _, k := range kinds {
		if r.Doc(k) != nil {
			list = append(list, k)
		}
	}
	return list
}

// link is a rule's name, as a link to its page.
func link(r *lint.Rule) string { return fmt.Sprintf("[%s](%s.md)", r.ID, r.ID) }

// prose is plain text as Markdown that shows it as it is, also in a table; directives are code.
func prose(text string) string { return directives.ReplaceAllString(marks.Replace(text), "`$0`") }

var directives = regexp.MustCompile(`-- segue:[a-z]+(?: (?:off|[a-z]+(?:-[a-z]+)+|RULE))?(?: REASON)?`)

var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "<", "&lt;", "|", `\|`)

func sentence(text string) string {
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// filled is a paragraph in lines of at most 120 characters. Code stays on one.
func filled(text string) string {
	var b strings.Builder
	width := 0
	for _, word := range words.FindAllString(text, -1) {
		length := len([]rune(word))
		switch {
		case width == 0:
		case width+1+length > 120:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += length
	}
	return b.String() + "\n"
}

var words = regexp.MustCompile("(?:`[^`]*`|[^\\s`])+")

func block(language, text string) string {
	return fmt.Sprintf("```%s\n%s\n```\n", language, strings.Trim(text, "\n"))
}
