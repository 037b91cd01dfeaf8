package cli

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// yamlReader walks a configuration file's own nodes, so that every error has its line and column,
// and a version such as 0042 stays what it is.
type yamlReader struct {
	name   string
	getenv func(string) (value string, set bool)
}

// keys are the keys of a mapping, with what reads each one's value.
type keys map[string]func(ast.Node) error

func (r yamlReader) errorf(n ast.Node, format string, args ...any) error {
	p := n.GetToken().Position
	return usage("", "reading %s:%d:%d: %w", r.name, p.Line, p.Column, fmt.Errorf(format, args...))
}

// parse returns the document's root; nil where there is nothing but comments.
func (r yamlReader) parse(data []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(data, 0)
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax) && syntax.GetToken() != nil:
		p := syntax.GetToken().Position
		return nil, usage("", "reading %s:%d:%d: %s", r.name, p.Line, p.Column, syntax.GetMessage())
	case err != nil:
		return nil, usage("", "reading %s: %w", r.name, err)
	case len(file.Docs) > 1:
		return nil, r.errorf(file.Docs[1], "a second document; %s is one", r.name)
	case len(file.Docs) == 0:
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

// keys reads a mapping whose keys are known; within names it, and is empty for the file itself.
func (r yamlReader) keys(n ast.Node, within string, known keys) error {
	return r.pairs(n, within, func(key string, at, value ast.Node) error {
		read, ok := known[key]
		if !ok {
			where := ""
			if within != "" {
				where = " in " + within
			}
			return r.errorf(at, "unknown key %q%s%s", key, where, didYouMean(key, slices.Sorted(maps.Keys(known))))
		}
		return read(value)
	})
}

// pairs reads a mapping. One that is left empty has no pairs.
func (r yamlReader) pairs(n ast.Node, within string, each func(key string, at, value ast.Node) error) error {
	if _, empty := n.(*ast.NullNode); empty {
		return nil
	}
	mapping, ok := n.(ast.MapNode)
	if !ok {
		return r.errorf(n, "%s must be keys and values, such as dir: migrations", or(within, "the file"))
	}
	for pair := mapping.MapRange(); pair.Next(); {
		if err := each(pair.Key().GetToken().Value, pair.Key(), pair.Value()); err != nil {
			return err
		}
	}
	return nil
}

func (r yamlReader) list(n ast.Node, what string, each func(ast.Node) error) error {
	if _, empty := n.(*ast.NullNode); empty {
		return nil
	}
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		return r.errorf(n, "%s must be a list", what)
	}
	for _, item := range sequence.Values {
		if err := each(item); err != nil {
			return err
		}
	}
	return nil
}

var (
	variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}`)
	opening  = regexp.MustCompile(`\$\{`)
)

// text reads a scalar exactly as it is written, with its variables replaced.
func (r yamlReader) text(n ast.Node, what string, to *string) error {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
	case *ast.NullNode:
		return r.errorf(n, "%s has no value", what)
	default:
		return r.errorf(n, "%s must be a plain value", what)
	}
	written := n.GetToken().Value
	if len(opening.FindAllString(written, -1)) != len(variable.FindAllString(written, -1)) {
		return r.errorf(n, "%s: a variable is written ${NAME} or ${NAME:-default}", what)
	}
	var unset []string
	*to = variable.ReplaceAllStringFunc(written, func(use string) string {
		parts := variable.FindStringSubmatch(use)
		value, set := r.getenv(parts[1])
		switch {
		case parts[2] != "" && value == "":
			return parts[3]
		case !set:
			unset = append(unset, parts[1])
		}
		return value
	})
	if len(unset) > 0 {
		return r.errorf(n, "%s: the environment variable %s is not set; set it, or give a default: ${%s:-default}", what, unset[0], unset[0])
	}
	return nil
}

// filled reads a text that must not be empty.
func (r yamlReader) filled(n ast.Node, what string, to *string) error {
	if err := r.text(n, what, to); err != nil {
		return err
	}
	if strings.TrimSpace(*to) == "" {
		return r.errorf(n, "%s is empty", what)
	}
	return nil
}

// parsed reads a text that parse takes apart.
func (r yamlReader) parsed(n ast.Node, what string, parse func(string) error) error {
	var s string
	if err := r.text(n, what, &s); err != nil {
		return err
	}
	if err := parse(s); err != nil {
		return r.errorf(n, "%s: %w", what, err)
	}
	return nil
}

func (r yamlReader) choice(n ast.Node, what string, to *string, values ...string) error {
	return r.parsed(n, what, func(s string) error {
		*to = s
		if !slices.Contains(values, s) {
			return fmt.Errorf("it must be %s, not %q%s", orList(values), s, didYouMean(s, values))
		}
		return nil
	})
}

func (r yamlReader) flag(n ast.Node, what string, to *bool) error {
	var word string
	err := r.choice(n, what, &word, "true", "false")
	*to = word == "true"
	return err
}

// span says which durations a key takes.
type span string

const (
	aboveZero span = "more than 0"
	zeroToo   span = "0 or more"
)

func (r yamlReader) duration(n ast.Node, what string, s span, to *time.Duration) error {
	return r.parsed(n, what, func(text string) (err error) {
		*to, err = time.ParseDuration(text)
		if err != nil || *to < 0 || *to == 0 && s == aboveZero {
			return fmt.Errorf("it must be a duration of %s, such as 250ms, 10s or 1h30m, not %q", s, text)
		}
		return nil
	})
}

func (r yamlReader) count(n ast.Node, what string, to *int) error {
	return r.parsed(n, what, func(text string) (err error) {
		*to, err = strconv.Atoi(text)
		if err != nil || *to < 1 {
			return fmt.Errorf("it must be a whole number from 1 on, not %q", text)
		}
		return nil
	})
}

// only reads a key that this version takes with its default alone.
func (r yamlReader) only(n ast.Node, what, value string) error {
	var s string
	if err := r.text(n, what, &s); err != nil {
		return err
	}
	if s != value {
		return r.notYet(n, what, or(value, `""`))
	}
	return nil
}

func (r yamlReader) notYet(n ast.Node, what, value string) error {
	return r.errorf(n, "this version of segue knows only %s: %s; leave the key out", what, value)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
