package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// mostCurrent is how many columns of a table may default to the current time.
const mostCurrent = 2

var manyCurrentTimestamps = lint.Rule{
	ID: "many-current-timestamps", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/COLUMN_CURRENT_TIME_COUNT_LIMIT"},
	Docs: []lint.Doc{{
		Servers:    onMySQL,
		Title:      "Several columns of a table are set to the current time by the server",
		Condition:  fmt.Sprintf("A new table has more than %d columns that default to CURRENT_TIMESTAMP, or more than one ON UPDATE CURRENT_TIMESTAMP.", mostCurrent),
		Effect:     "Columns that are always equal say the same thing twice; one that the server sets at every update is no longer what its name says.",
		Workaround: "One column for when the row was made and one for when it was changed; let the app write the others.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateTable)
		if !ok {
			return lint.Finding{}
		}
		defaults, updates := 0, 0
		for _, column := range c.Columns {
			if strings.HasPrefix(strings.ToUpper(column.Default), "CURRENT_TIMESTAMP") {
				defaults++
			}
			if column.OnUpdate != "" {
				updates++
			}
		}
		if defaults <= mostCurrent && updates <= 1 {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%d columns of %s default to the current time, and %d are set to it at every update", defaults, table, updates),
			Why:     "columns that are always equal say the same thing twice",
			Instead: "one for when the row was made, and one for when it was changed",
		}
	}),
}
