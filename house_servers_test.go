package segue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// askNobody are the rooms that work by what a dialect can do and never by which it is: there no
// branch asks for a server's name. Lists of what is written about which server may stand in them.
var askNobody = []string{"migrate", "phases", "lint"}

func TestHouseNoBranchOnTheServersName(t *testing.T) {
	eachFile(t, func(file string, source []byte) {
		if strings.HasSuffix(file, "_test.go") || !slices.ContainsFunc(askNobody, func(room string) bool { return within(file, room) }) {
			return
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, file, source, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			for _, e := range comparedWith(n) {
				if name, ok := serverName(e); ok {
					t.Errorf("%s: a branch on %s: ask for what the dialect can do instead", files.Position(e.Pos()), name)
				}
			}
			return true
		})
	})
}

// comparedWith are the expressions that a node compares something with.
func comparedWith(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.CaseClause:
		return n.List
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	}
	return nil
}

// serverName reads dialects.MySQL, or "mysql".
func serverName(e ast.Expr) (name string, ok bool) {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, is := e.X.(*ast.Ident)
		return "dialects." + e.Sel.Name, is && x.Name == "dialects" && slices.Contains([]string{"Postgres", "MySQL", "MariaDB"}, e.Sel.Name)
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return e.Value, err == nil && slices.Contains([]string{"postgres", "mysql", "mariadb"}, text)
	}
	return "", false
}
