package mysql

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (l *lowerer) lowerAlterTable(s *astAlterTable) []dialects.Change {
	table := tableName(s.Table)
	var changes []dialects.Change
	for _, spec := range s.Specs {
		changes = append(changes, l.lowerSpec(table, spec)...)
	}
	if len(changes) == 0 { // ALTER TABLE t, or with clauses alone
		changes = single(dialects.AlterTable{Table: table, What: "nothing"})
	}
	return changes
}

// lowerSpec lowers one of ALTER TABLE's subcommands.
func (l *lowerer) lowerSpec(table dialects.Name, s *astAlterSpec) []dialects.Change {
	switch s.Tp {
	case astSpecAlgorithm:
		l.asksAlgorithm(s.Algorithm.String())
		return nil
	case astSpecLock:
		l.asksLock(s.LockType.String())
		return nil
	case astSpecAddColumns:
		return l.lowerAddColumns(table, s)
	case astSpecModifyColumn, astSpecChangeColumn:
		return single(l.lowerRedefine(table, s))
	case astSpecAddConstraint:
		return single(l.lowerAddConstraint(table, s.Constraint))
	case astSpecAlterColumn:
		return single(l.lowerAlterColumn(table, s.NewColumns[0]))
	case astSpecOption:
		return l.lowerTableOptions(table, s)
	}
	if c := l.lowerSimpleSpec(table, s); c != nil {
		return single(c)
	}
	if what, ok := specWords[s.Tp]; ok {
		c := dialects.AlterTable{Table: table, What: what}
		switch {
		case s.Tp == astSpecExchangePartition:
			c.Value = s.PartitionNames[0].O + " WITH TABLE " + tableName(s.NewTable).String()
		case s.NewTable != nil:
			c.Value = tableName(s.NewTable).String()
		case s.Tp == astSpecPartitionBy || s.Tp == astSpecAddPartitions:
			c.Value = strings.Join(partitionNamesOf(s), ",")
		case len(s.PartitionNames) > 0:
			var names []string
			for _, n := range s.PartitionNames {
				names = append(names, n.O)
			}
			c.Value = strings.Join(names, ",")
		}
		return single(c)
	}
	return single(dialects.Opaque{Reason: "segue does not know what this subcommand of ALTER TABLE " + table.String() + " does"})
}

// partitionNamesOf are the partitions that a subcommand defines.
func partitionNamesOf(s *astAlterSpec) []string {
	names := partitionNames(s.Partition)
	for _, d := range s.PartDefinitions {
		names = append(names, d.Name.O)
	}
	return names
}

// lowerSimpleSpec lowers the subcommands that name one thing.
func (l *lowerer) lowerSimpleSpec(table dialects.Name, s *astAlterSpec) dialects.Change {
	constraint := func(name string) dialects.Change {
		return dialects.DropConstraint{Table: table, Name: name, IfExists: s.IfExists || l.ifExists[name]}
	}
	switch s.Tp {
	case astSpecDropColumn:
		return dialects.DropColumn{Table: table, Column: s.OldColumnName.Name.O, IfExists: s.IfExists}
	case astSpecRenameColumn:
		return dialects.RenameColumn{Table: table, Column: s.OldColumnName.Name.O, To: s.NewColumnName.Name.O}
	case astSpecRenameTable:
		return renameTable(table, tableName(s.NewTable))
	case astSpecDropPrimaryKey:
		return dropIndex(table, primary, false)
	case astSpecDropIndex:
		return dropIndex(table, s.Name, s.IfExists)
	case astSpecRenameIndex:
		return dialects.RenameIndex{Table: table, Index: dialects.Name{Schema: table.Schema, Name: s.FromKey.O}, To: s.ToKey.O}
	case astSpecDropForeignKey:
		return dialects.DropConstraint{
			Table: table, Name: s.Name, Kind: dialects.ForeignKey, IfExists: s.IfExists || l.ifExists[s.Name],
		}
	case astSpecDropCheck:
		return constraint(s.Constraint.Name)
	case astSpecAlterCheck:
		what := "not enforced"
		if s.Constraint.Enforced {
			what = "enforced"
		}
		return dialects.AlterConstraint{Table: table, Name: s.Constraint.Name, What: what}
	case astSpecIndexVisibility:
		what := "set visible"
		if s.Visibility == astInvisibleIndex {
			what = "set invisible"
		}
		return dialects.AlterObject{
			Kind: dialects.IndexObject, Object: dialects.Name{Schema: table.Schema, Name: s.IndexName.O}, Table: table, What: what,
		}
	}
	return nil
}

func (l *lowerer) lowerAddColumns(table dialects.Name, s *astAlterSpec) []dialects.Change {
	var changes []dialects.Change
	for _, def := range s.NewColumns {
		c := dialects.AddColumn{Table: table, IfNotExists: s.IfNotExists}
		c.Column, c.Constraints, c.Indexes = l.lowerColumn(def)
		c.First, c.After = position(s.Position)
		changes = append(changes, c)
	}
	for _, con := range s.NewConstraints {
		changes = append(changes, l.lowerAddConstraint(table, con))
	}
	return changes
}

func position(p *astColumnPosition) (first bool, after string) {
	switch {
	case p == nil:
	case p.Tp == astFirstPosition:
		return true, ""
	case p.Tp == astAfterPosition:
		return false, p.RelativeColumn.Name.O
	}
	return false, ""
}

func (l *lowerer) lowerRedefine(table dialects.Name, s *astAlterSpec) dialects.Change {
	c := dialects.RedefineColumn{Table: table, IfExists: s.IfExists}
	c.To, c.Constraints, c.Indexes = l.lowerColumn(s.NewColumns[0])
	c.Column = c.To.Name
	if s.OldColumnName != nil {
		c.Column = s.OldColumnName.Name.O
	}
	c.First, c.After = position(s.Position)
	return c
}

func (l *lowerer) lowerAddConstraint(table dialects.Name, n *astConstraint) dialects.Change {
	switch n.Tp {
	case astForeignConstraint:
		return dialects.AddForeignKey{Table: table, Constraint: l.lowerConstraint(n)}
	case astCheckConstraint:
		if !l.dialect.checks() {
			l.traits.Add(dialects.Ignored, "CHECK", 0)
			return dialects.AlterTable{Table: table, What: "nothing"}
		}
		return dialects.AddConstraint{Table: table, Constraint: l.lowerConstraint(n)}
	}
	i := l.lowerKey(n)
	i.Name.Schema = table.Schema
	return dialects.CreateIndex{Table: table, Index: i, IfNotExists: n.IfNotExists}
}

// lowerAlterColumn lowers ALTER COLUMN ... SET DEFAULT, DROP DEFAULT, SET VISIBLE and SET INVISIBLE.
func (l *lowerer) lowerAlterColumn(table dialects.Name, def *astColumnDef) dialects.Change {
	column := def.Name.Name.O
	if len(def.Options) == 0 {
		return dialects.SetDefault{Table: table, Column: column}
	}
	n, ok := l.noteOf(def.Options[0].Expr)
	if ok && n.kind == visibilityNote {
		return dialects.AlterColumn{Table: table, Column: column, What: "set " + strings.ToLower(n.text)}
	}
	return dialects.SetDefault{Table: table, Column: column, Default: defaultText(n.text, "")}
}

// lowerTableOptions lowers each option of a table to a change of its own. Stats stands for all of
// STATS_*, which change the dictionary alone.
func (l *lowerer) lowerTableOptions(table dialects.Name, s *astAlterSpec) []dialects.Change {
	var changes []dialects.Change
	add := func(what, value string) {
		changes = append(changes, dialects.AlterTable{Table: table, What: what, Value: value})
	}
	for _, o := range s.Options {
		l.optionTraits(o)
		switch o.Tp {
		case astEngineOption:
			add("engine", engineName(o.StrValue))
		case astRowFormatOption:
			add("row format", rowFormats[o.UintValue])
		case astTableCommentOption:
			if n, ok := l.noted(o.StrValue); ok {
				changes = append(changes, l.lowerCommand(table, n))
			} else {
				add("comment", o.StrValue)
			}
		case astTableAutoIncOption:
			add("auto_increment", strconv.FormatUint(o.UintValue, 10))
		case astKeyBlockSizeOption:
			add("key block size", strconv.FormatUint(o.UintValue, 10))
		case astEncryptionOption:
			add("encryption", o.StrValue)
		case astCompressionOption, astPageCompressOption:
			add("compression", o.StrValue)
		case astTablespaceOption:
			add("tablespace", o.StrValue)
		case astStatsOption, astStatsRecalcOption, astStatsPagesOption:
			add("stats", "")
		default:
			add("options", "")
		}
	}
	return changes
}

// lowerCommand lowers what is kept from the parser as a whole: CONVERT, and MariaDB's subcommands.
func (l *lowerer) lowerCommand(table dialects.Name, n note) dialects.Change {
	switch n.kind {
	case charsetNote:
		return dialects.AlterTable{Table: table, What: "charset", Value: charsetName(unquote(n.text))}
	case collationNote:
		return dialects.AlterTable{Table: table, What: "collate", Value: collationName(unquote(n.text))}
	}
	if strings.HasPrefix(strings.ToUpper(n.text), "CONVERT TO") {
		return dialects.AlterTable{Table: table, What: "convert charset", Value: convertWords(n.text)}
	}
	words := strings.Fields(n.text)
	take := min(len(words), 3)
	if strings.EqualFold(words[0], "CONVERT") { // PARTITION name TO TABLE name, or TABLE name TO PARTITION ...
		take = min(len(words), 2)
	}
	what := strings.ToLower(strings.Join(words[:take], " "))
	if n.kind == versionedNote {
		what = "add system versioning"
	}
	return dialects.AlterTable{Table: table, What: what, Value: strings.Join(words[take:], " ")}
}
