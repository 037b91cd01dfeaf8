package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// columnSubcommands are subcommands on a column that change nothing but what they name.
var columnSubcommands = map[string]string{
	"AT_SetStatistics":             "set statistics",
	"AT_SetOptions":                "set options",
	"AT_ResetOptions":              "reset options",
	"AT_SetStorage":                "set storage",
	"AT_SetCompression":            "set compression",
	"AT_AlterColumnGenericOptions": "set foreign options",
	"AT_AddIdentity":               "add identity",
	"AT_SetIdentity":               "set generated",
	"AT_DropIdentity":              "drop identity",
	"AT_DropExpression":            "drop expression",
}

// tableSubcommands are the same for tables. A value in parentheses is Change.Value where the
// subcommand has no argument of its own.
var tableSubcommands = map[string]string{
	"AT_ChangeOwner":             "owner",
	"AT_ClusterOn":               "cluster on",
	"AT_DropCluster":             "set without cluster",
	"AT_SetLogged":               "set logged",
	"AT_SetUnLogged":             "set unlogged",
	"AT_DropOids":                "set without oids",
	"AT_SetAccessMethod":         "set access method",
	"AT_SetTableSpace":           "set tablespace",
	"AT_SetRelOptions":           "set options",
	"AT_ResetRelOptions":         "reset options",
	"AT_GenericOptions":          "set foreign options",
	"AT_EnableTrig":              "enable trigger",
	"AT_EnableAlwaysTrig":        "enable always trigger",
	"AT_EnableReplicaTrig":       "enable replica trigger",
	"AT_DisableTrig":             "disable trigger",
	"AT_EnableTrigAll":           "enable trigger (all)",
	"AT_DisableTrigAll":          "disable trigger (all)",
	"AT_EnableTrigUser":          "enable trigger (user)",
	"AT_DisableTrigUser":         "disable trigger (user)",
	"AT_EnableRule":              "enable rule",
	"AT_EnableAlwaysRule":        "enable always rule",
	"AT_EnableReplicaRule":       "enable replica rule",
	"AT_DisableRule":             "disable rule",
	"AT_AddInherit":              "inherit",
	"AT_DropInherit":             "no inherit",
	"AT_AddOf":                   "of",
	"AT_DropOf":                  "not of",
	"AT_ReplicaIdentity":         "replica identity",
	"AT_EnableRowSecurity":       "enable row security",
	"AT_DisableRowSecurity":      "disable row security",
	"AT_ForceRowSecurity":        "force row security",
	"AT_NoForceRowSecurity":      "no force row security",
	"AT_DetachPartitionFinalize": "detach partition finalize",
}

// alteredObjects are the kinds beside tables that ALTER ... takes subcommands of ALTER TABLE for.
var alteredObjects = map[string]dialects.ObjectKind{
	"OBJECT_VIEW":     dialects.View,
	"OBJECT_MATVIEW":  dialects.MaterializedView,
	"OBJECT_SEQUENCE": dialects.Sequence,
	"OBJECT_TYPE":     dialects.CompositeType,
	"OBJECT_INDEX":    dialects.IndexObject,
}

func lowerAlterTable(s *astAlterTableStmt) []dialects.Change {
	name := rangeName(s.Relation)
	kind, object := alteredObjects[s.Objtype.String()]
	var changes []dialects.Change
	for _, n := range s.Cmds {
		cmd := n.GetAlterTableCmd()
		if object {
			changes = append(changes, lowerAlterObject(kind, name, cmd))
		} else {
			changes = append(changes, lowerSubcommand(name, cmd))
		}
	}
	return changes
}

// lowerSubcommand lowers one of ALTER TABLE's subcommands.
func lowerSubcommand(table dialects.Name, cmd *astAlterTableCmd) dialects.Change {
	subtype := cmd.Subtype.String()
	cascade := cmd.Behavior.String() == "DROP_CASCADE"
	switch subtype {
	case "AT_AddColumn":
		column, constraints := lowerColumn(cmd.Def.GetColumnDef())
		return dialects.AddColumn{Table: table, Column: column, Constraints: constraints, IfNotExists: cmd.MissingOk}
	case "AT_DropColumn":
		return dialects.DropColumn{Table: table, Column: cmd.Name, IfExists: cmd.MissingOk, Cascade: cascade}
	case "AT_AlterColumnType":
		def := cmd.Def.GetColumnDef()
		return dialects.AlterColumnType{
			Table: table, Column: cmd.Name, Type: typeText(def.TypeName),
			Collation: listName(def.GetCollClause().GetCollname()).String(),
			Using:     expressionText(def.RawDefault),
		}
	case "AT_ColumnDefault":
		return dialects.SetDefault{Table: table, Column: cmd.Name, Default: defaultText(cmd.Def)}
	case "AT_SetNotNull":
		return dialects.SetNotNull{Table: table, Column: cmd.Name}
	case "AT_DropNotNull":
		return dialects.DropNotNull{Table: table, Column: cmd.Name}
	case "AT_AddConstraint":
		return lowerAddConstraint(table, cmd.Def.GetConstraint())
	case "AT_ValidateConstraint":
		return dialects.ValidateConstraint{Table: table, Name: cmd.Name}
	case "AT_DropConstraint":
		return dialects.DropConstraint{Table: table, Name: cmd.Name, IfExists: cmd.MissingOk, Cascade: cascade}
	case "AT_AlterConstraint":
		return dialects.AlterConstraint{Table: table, Name: cmd.Def.GetConstraint().GetConname()}
	case "AT_AttachPartition":
		part := cmd.Def.GetPartitionCmd()
		return dialects.AttachPartition{Table: table, Partition: rangeName(part.Name), Bound: boundText(part.Bound)}
	case "AT_DetachPartition":
		part := cmd.Def.GetPartitionCmd()
		return dialects.DetachPartition{Table: table, Partition: rangeName(part.Name), Concurrently: part.Concurrent}
	}
	if what, ok := columnSubcommands[subtype]; ok {
		return dialects.AlterColumn{Table: table, Column: cmd.Name, What: what, Value: defText(cmd.Def)}
	}
	if what, ok := tableSubcommands[subtype]; ok {
		what, group, _ := strings.Cut(what, " (")
		value := strings.TrimSuffix(group, ")")
		if value == "" {
			value = subcommandValue(cmd)
		}
		return dialects.AlterTable{Table: table, What: what, Value: value}
	}
	return dialects.Opaque{Reason: "segue does not know what this subcommand of ALTER TABLE " + table.String() + " does"}
}

// lowerAddConstraint lowers ADD CONSTRAINT, ADD PRIMARY KEY USING INDEX included.
func lowerAddConstraint(table dialects.Name, n *astConstraint) dialects.Change {
	c := lowerConstraint(n, "")
	if c.Kind == dialects.ForeignKey {
		return dialects.AddForeignKey{Table: table, Constraint: c}
	}
	return dialects.AddConstraint{Table: table, Constraint: c, UsingIndex: n.Indexname}
}

// lowerAlterObject lowers a subcommand of ALTER TABLE on what is no table.
func lowerAlterObject(kind dialects.ObjectKind, name dialects.Name, cmd *astAlterTableCmd) dialects.Change {
	subtype := cmd.Subtype.String()
	change := dialects.AlterObject{Kind: kind, Object: name, Value: subcommandValue(cmd)}
	switch {
	case kind == dialects.IndexObject && subtype == "AT_AttachPartition":
		return dialects.AttachIndex{Index: name, Partition: rangeName(cmd.Def.GetPartitionCmd().Name)}
	case subtype == "AT_AddColumn":
		change.What, change.Value = "add attribute", cmd.Def.GetColumnDef().GetColname()
	case subtype == "AT_DropColumn":
		change.What = "drop attribute"
	case subtype == "AT_AlterColumnType":
		change.What, change.Value = "alter attribute", cmd.Name
	case subtype == "AT_ColumnDefault":
		change.What, change.Value = "set default", cmd.Name
	case columnSubcommands[subtype] != "":
		change.What = columnSubcommands[subtype]
	case tableSubcommands[subtype] != "":
		change.What = tableSubcommands[subtype]
	default:
		return dialects.Opaque{Reason: "segue does not know what this subcommand on " + name.String() + " does"}
	}
	return change
}

// subcommandValue is the argument of a subcommand as text.
func subcommandValue(cmd *astAlterTableCmd) string {
	switch {
	case cmd.Def != nil:
		return defText(cmd.Def)
	case cmd.Newowner != nil:
		return cmd.Newowner.Rolename
	}
	return cmd.Name
}

func defText(n *astNode) string {
	switch def := unwrap(n).(type) {
	case *astString, *astInteger, *astTypeName:
		return argText(n)
	case *astRangeVar:
		return rangeName(def).String()
	case *astConstraint:
		return identityKinds[def.GeneratedWhen]
	case *astReplicaIdentityStmt:
		return replicaIdentity(def)
	case *astList:
		return optionsText(def.Items)
	}
	return ""
}

// replicaIdentity is "default", "full", "nothing" or an index's name, as in the catalog.
func replicaIdentity(n *astReplicaIdentityStmt) string {
	switch n.IdentityType {
	case "d":
		return "default"
	case "f":
		return "full"
	case "n":
		return "nothing"
	}
	return n.Name
}

// optionsText writes options as the server keeps them: name=value, with commas between.
func optionsText(options []*astNode) string {
	words := make([]string, len(options))
	for i, o := range options {
		def := o.GetDefElem()
		words[i] = def.GetDefname()
		switch {
		case def.Defname == "generated": // the parser has a letter's number
			words[i] = identityKinds[string(rune(def.GetArg().GetInteger().GetIval()))]
		case def.GetArg() != nil:
			words[i] += "=" + argText(def.GetArg())
		}
	}
	return strings.Join(words, ", ")
}
