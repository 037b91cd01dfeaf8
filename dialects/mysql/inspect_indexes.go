package mysql

import (
	"regexp"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// readIndexes puts each index and the constraint that it may carry into its table.
func (i *inspection) readIndexes() error {
	var open *dialects.Index
	var on *dialects.Table
	finish := func() {
		if open != nil && on != nil {
			i.replay.putIndex(on, *open)
		}
		open = nil
	}
	var table, name, column, order, method, comment, expression, hidden string
	var length, duplicates int
	err := i.each(`
SELECT s.table_name, s.index_name, COALESCE(s.column_name, ''), COALESCE(s.collation, ''), COALESCE(s.sub_part, 0),
       s.non_unique, s.index_type, s.index_comment,
       `+i.on("COALESCE(s.expression, '')", "''")+`, `+i.on("IF(s.is_visible = 'YES', 'NO', 'YES')", "s.ignored")+`
FROM information_schema.statistics s
WHERE s.table_schema = DATABASE()
ORDER BY s.table_name, s.index_name, s.seq_in_index`, func() {
		if open == nil || open.Name.Name != name || on != i.table(table) {
			finish()
			on = i.table(table)
			open = &dialects.Index{
				Name: dialects.Name{Name: name}, Method: indexMethod(method), Unique: duplicates == 0, Primary: name == primary,
				Valid: true, Comment: comment, Invisible: hidden == "YES",
			}
		}
		part := dialects.IndexPart{Column: column, Length: length, Descending: order == "D"}
		if open.Method == rtree {
			part.Length = 0
		}
		if expression != "" {
			part.Column, part.Expression = "", i.printed(expression)
		}
		open.Parts = append(open.Parts, part)
	}, &table, &name, &column, &order, &length, &duplicates, &method, &comment, &expression, &hidden)
	finish()
	return err
}

func indexMethod(text string) string {
	if text == "SPATIAL" {
		return rtree
	}
	return text
}

// parserOf finds what parses a FULLTEXT index's texts, in SHOW CREATE TABLE.
var parserOf = regexp.MustCompile("FULLTEXT KEY `((?:[^`]|``)+)` [^\n]*WITH PARSER `([^`]+)`")

// readParsers reads the parsers of FULLTEXT indexes, which information_schema does not have.
func (i *inspection) readParsers() error {
	for _, t := range i.catalog.Tables {
		has := false
		for _, index := range t.Indexes {
			has = has || index.Method == fulltext
		}
		if !has {
			continue
		}
		var name, text string
		if err := dialects.ReadRow(i.ctx, i, `SHOW CREATE TABLE `+qualified(t.Name), nil, &name, &text); err != nil {
			return err
		}
		for _, m := range parserOf.FindAllStringSubmatch(text, -1) {
			if index := findIndex(t, strings.ReplaceAll(m[1], "``", "`")); index != nil {
				index.Parser = m[2]
				describeIndex(index)
			}
		}
	}
	return nil
}
