package compat

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ReadManifest reads a segue.app.yaml. name is what errors call the file; they say its line and
// column too. Keys are strict. Names and versions are taken as they are written: 0042 is the
// version 0042, quoted or not.
func ReadManifest(data []byte, name string) (*Manifest, error) {
	r := manifestReader{name: name}
	file, err := parser.ParseBytes(data, 0)
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax) && syntax.GetToken() != nil:
		p := syntax.GetToken().Position
		return nil, fmt.Errorf("reading manifest %s:%d:%d: %s", name, p.Line, p.Column, syntax.GetMessage())
	case err != nil:
		return nil, fmt.Errorf("reading manifest %s: %w", name, err)
	case len(file.Docs) > 1:
		return nil, r.errorf(file.Docs[1], "a second document; a manifest is one")
	}
	m := &Manifest{}
	if len(file.Docs) == 1 && file.Docs[0].Body != nil {
		if m, err = r.manifest(file.Docs[0].Body); err != nil {
			return nil, err
		}
	}
	if m.App == "" {
		return nil, fmt.Errorf("reading manifest %s: it names no app; add a line such as app: web", name)
	}
	return m, nil
}

// manifestReader walks the document itself, since decoding into Go types would read the version
// 0042 as 34.
type manifestReader struct{ name string }

func (r manifestReader) errorf(n ast.Node, format string, args ...any) error {
	p := n.GetToken().Position
	return fmt.Errorf("reading manifest %s:%d:%d: %s", r.name, p.Line, p.Column, fmt.Sprintf(format, args...))
}

func (r manifestReader) manifest(n ast.Node) (*Manifest, error) {
	m := &Manifest{}
	err := r.keys(n, "the manifest", map[string]func(ast.Node) error{
		"app":       func(n ast.Node) (err error) { m.App, err = r.text(n, "app"); return err },
		"project":   func(n ast.Node) (err error) { m.Project, err = r.text(n, "project"); return err },
		"ready_for": func(n ast.Node) (err error) { m.ReadyFor, err = r.list(n, "ready_for", `["0042"]`); return err },
		"uses":      func(n ast.Node) (err error) { m.Uses, err = r.uses(n); return err },
	})
	return m, err
}

func (r manifestReader) uses(n ast.Node) (map[string]Use, error) {
	uses := map[string]Use{}
	err := r.pairs(n, "uses", func(key, value ast.Node) error {
		table, err := r.text(key, "a table's name")
		if err != nil {
			return err
		}
		use := Use{}
		flag := func(to *bool, key string) func(ast.Node) error {
			return func(n ast.Node) error {
				b, ok := n.(*ast.BoolNode)
				if !ok {
					return r.errorf(n, "%s of %s must be true or false", key, table)
				}
				*to = b.Value
				return nil
			}
		}
		columns := func(to *[]string, key string) func(ast.Node) error {
			return func(n ast.Node) (err error) { *to, err = r.list(n, key+" of "+table, "[id, email]"); return err }
		}
		err = r.keys(value, "table "+table, map[string]func(ast.Node) error{
			"read":       columns(&use.Read, "read"),
			"write":      columns(&use.Write, "write"),
			"insert":     flag(&use.Insert, "insert"),
			"positional": flag(&use.Positional, "positional"),
		})
		uses[table] = use
		return err
	})
	return uses, err
}

// keys reads a mapping whose keys are known; what names it in errors.
func (r manifestReader) keys(n ast.Node, what string, known map[string]func(ast.Node) error) error {
	return r.pairs(n, what, func(key, value ast.Node) error {
		written := key.GetToken().Value
		read, ok := known[written]
		if !ok {
			var names []string
			for name := range known {
				names = append(names, name)
			}
			return r.errorf(key, "unknown key %q in %s%s", written, what, suggestion(written, names))
		}
		return read(value)
	})
}

func (r manifestReader) pairs(n ast.Node, what string, each func(key, value ast.Node) error) error {
	mapping, ok := n.(ast.MapNode)
	if !ok {
		return r.errorf(n, "%s must be keys and values, such as app: web; write {} for none", what)
	}
	for pair := mapping.MapRange(); pair.Next(); {
		if err := each(pair.Key(), pair.Value()); err != nil {
			return err
		}
	}
	return nil
}

func (r manifestReader) list(n ast.Node, what, example string) ([]string, error) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, r.errorf(n, "%s must be a list, such as %s", what, example)
	}
	items := make([]string, 0, len(sequence.Values))
	for _, value := range sequence.Values {
		item, err := r.text(value, "an item of "+what)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// text is a name or version exactly as it is written, numbers too.
func (r manifestReader) text(n ast.Node, what string) (string, error) {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode:
		if s := n.GetToken().Value; s != "" {
			return s, nil
		}
		return "", r.errorf(n, "%s is empty", what)
	case *ast.NullNode, *ast.BoolNode:
		return "", r.errorf(n, "%s must be text; put quotes around %q if that is its name", what, n.GetToken().Value)
	}
	return "", r.errorf(n, "%s must be text", what)
}
