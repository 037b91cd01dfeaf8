package mysql

import (
	"fmt"
	"strconv"
	"strings"
)

// positional turns $1, $2, ... into the servers' own ?, and repeats arguments as often and in the
// order that the text names them. What stands in strings, quoted names and comments is left alone.
// A text without arguments is not looked at: there $1 is a name.
func positional(sql string, args []any) (string, []any, error) {
	if len(args) == 0 {
		return sql, nil, nil
	}
	var out strings.Builder
	var given []any
	used := make([]bool, len(args))
	l := lexer{src: sql, delimiter: defaultDelimiter}
	last := 0
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		text := sql[t.start:t.end]
		if t.kind != wordToken || text[0] != '$' {
			continue
		}
		n, err := strconv.Atoi(text[1:])
		if err != nil || n < 1 {
			continue
		}
		if n > len(args) {
			return "", nil, fmt.Errorf("running a statement: it names %s and has %d arguments", text, len(args))
		}
		out.WriteString(sql[last:t.start])
		out.WriteByte('?')
		last = t.end
		given = append(given, args[n-1])
		used[n-1] = true
	}
	for i, u := range used {
		if !u {
			return "", nil, fmt.Errorf("running a statement: it has %d arguments and does not name $%d", len(args), i+1)
		}
	}
	out.WriteString(sql[last:])
	return out.String(), given, nil
}
