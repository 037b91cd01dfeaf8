package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerObjects lowers what makes or changes objects beside tables; lowerNames what drops or renames them.
func (l *lowerer) lowerObjects(stmt *astNode) []dialects.Change {
	create := func(kind dialects.ObjectKind, name dialects.Name, replace bool) dialects.CreateObject {
		return dialects.CreateObject{Kind: kind, Object: name, Replace: replace, Definition: l.text}
	}
	switch s := unwrap(stmt).(type) {
	case *astCreateSchemaStmt:
		return l.lowerCreateSchema(s)
	case *astCreateEnumStmt:
		c := create(dialects.EnumType, listName(s.TypeName), false)
		c.Values = texts(s.Vals)
		return single(c)
	case *astCompositeTypeStmt:
		return single(create(dialects.CompositeType, rangeName(s.Typevar), false))
	case *astCreateRangeStmt:
		return single(create(dialects.CompositeType, listName(s.TypeName), false))
	case *astCreateDomainStmt:
		return single(create(dialects.Domain, listName(s.Domainname), false))
	case *astDefineStmt:
		kind := dialects.OtherObject
		if s.Kind.String() == "OBJECT_TYPE" {
			kind = dialects.CompositeType
		}
		return single(create(kind, listName(s.Defnames), s.Replace || s.IfNotExists))
	case *astViewStmt:
		c := create(dialects.View, rangeName(s.View), s.Replace)
		c.Reads = l.read(s.Query)
		return single(c)
	case *astCreateTableAsStmt: // tables are lowered before
		c := create(dialects.MaterializedView, rangeName(s.Into.Rel), s.IfNotExists)
		c.Reads = l.read(s.Query)
		return single(c)
	case *astCreateTrigStmt:
		c := create(dialects.TriggerObject, dialects.Name{Name: s.Trigname}, s.Replace)
		c.Table = rangeName(s.Relation)
		return single(c)
	case *astCreatePolicyStmt:
		c := create(dialects.Policy, dialects.Name{Name: s.PolicyName}, false)
		c.Table = rangeName(s.Table)
		return single(c)
	case *astRuleStmt:
		c := create(dialects.OtherObject, dialects.Name{Name: s.Rulename}, s.Replace)
		c.Table = rangeName(s.Relation)
		if s.Instead {
			l.traits.Add(dialects.Instead, strings.TrimPrefix(s.Event.String(), "CMD_"), 0)
		}
		return single(c)
	case *astCreateStatsStmt:
		c := create(dialects.Statistics, listName(s.Defnames), s.IfNotExists)
		if len(s.Relations) > 0 {
			c.Table = rangeName(s.Relations[0].GetRangeVar())
		}
		return single(c)
	case *astCreateFunctionStmt:
		return single(create(dialects.Function, listName(s.Funcname), s.Replace))
	case *astCreateSeqStmt:
		return single(create(dialects.Sequence, rangeName(s.Sequence), s.IfNotExists))
	case *astCreateExtensionStmt:
		return single(create(dialects.Extension, dialects.Name{Name: s.Extname}, s.IfNotExists))
	case *astCreatePublicationStmt:
		return single(create(dialects.Publication, dialects.Name{Name: s.Pubname}, false))
	case *astCreateSubscriptionStmt:
		return single(create(dialects.Subscription, dialects.Name{Name: s.Subname}, false))
	case *astCreateEventTrigStmt:
		return single(create(dialects.OtherObject, dialects.Name{Name: s.Trigname}, false))
	}
	return lowerObjectChanges(stmt)
}

// lowerObjectChanges lowers ALTER of objects beside tables, but for names, schemas and owners.
func lowerObjectChanges(stmt *astNode) []dialects.Change {
	alter := func(kind dialects.ObjectKind, name dialects.Name, what, value string) []dialects.Change {
		return single(dialects.AlterObject{Kind: kind, Object: name, What: what, Value: value})
	}
	switch s := unwrap(stmt).(type) {
	case *astAlterEnumStmt:
		return single(lowerAlterEnum(s))
	case *astAlterDomainStmt:
		value := s.Name
		if s.Def.GetConstraint().GetSkipValidation() {
			value = "not valid"
		}
		return alter(dialects.Domain, listName(s.TypeName), domainSubcommands[s.Subtype], value)
	case *astAlterTypeStmt:
		return alter(dialects.CompositeType, listName(s.TypeName), "set options", optionsText(s.Options))
	case *astRefreshMatViewStmt:
		value := ""
		if s.Concurrent {
			value = "concurrently"
		}
		return alter(dialects.MaterializedView, rangeName(s.Relation), "refresh", value)
	case *astAlterPolicyStmt:
		return single(dialects.AlterObject{
			Kind: dialects.Policy, Object: dialects.Name{Name: s.PolicyName}, Table: rangeName(s.Table), What: "set expression",
		})
	case *astAlterFunctionStmt:
		return alter(dialects.Function, listName(s.Func.GetObjname()), "set options", "")
	case *astAlterSeqStmt:
		return alter(dialects.Sequence, rangeName(s.Sequence), "set options", optionsText(s.Options))
	case *astAlterStatsStmt:
		return alter(dialects.Statistics, listName(s.Defnames), "set statistics", argText(wrap(&astInteger{Ival: s.Stxstattarget})))
	case *astAlterExtensionStmt:
		return alter(dialects.Extension, dialects.Name{Name: s.Extname}, "update", optionsText(s.Options))
	case *astAlterExtensionContentsStmt:
		return alter(dialects.Extension, dialects.Name{Name: s.Extname}, "set members", "")
	case *astAlterPublicationStmt:
		return alter(dialects.Publication, dialects.Name{Name: s.Pubname}, "set tables", "")
	case *astAlterSubscriptionStmt:
		return alter(dialects.Subscription, dialects.Name{Name: s.Subname}, "set options", "")
	case *astAlterEventTrigStmt:
		return alter(dialects.OtherObject, dialects.Name{Name: s.Trigname}, "enable or disable", "")
	case *astAlterObjectDependsStmt:
		return alter(dialects.OtherObject, relationOr(s.Relation, s.Object), "depends on extension", "")
	}
	return nil
}

// domainSubcommands are the parser's letters. Source: AlterDomainStmt in parsenodes.h.
var domainSubcommands = map[string]string{
	"T": "set default", "N": "drop not null", "O": "set not null",
	"C": "add constraint", "X": "drop constraint", "V": "validate constraint",
}

func lowerAlterEnum(s *astAlterEnumStmt) dialects.Change {
	c := dialects.AlterObject{Kind: dialects.EnumType, Object: listName(s.TypeName), What: "add value", Value: s.NewVal}
	switch {
	case s.OldVal != "":
		c.What, c.Value, c.To = "rename value", s.OldVal, s.NewVal
	case s.NewValIsAfter:
		c.After = s.NewValNeighbor
	default:
		c.Before = s.NewValNeighbor
	}
	return c
}

// lowerCreateSchema lowers CREATE SCHEMA and the objects that are made within it.
func (l *lowerer) lowerCreateSchema(s *astCreateSchemaStmt) []dialects.Change {
	name := s.Schemaname
	if name == "" {
		name = s.Authrole.GetRolename()
	}
	changes := single(dialects.CreateObject{
		Kind: dialects.Schema, Object: dialects.Name{Name: name}, Replace: s.IfNotExists, Definition: l.text,
	})
	for _, n := range s.SchemaElts {
		n = clone(n)
		inSchema(n, name)
		element, err := deparse(n)
		if err != nil {
			element = l.text
		}
		inner := lowerer{text: element}
		changes = append(changes, inner.lower(n)...)
		l.traits = append(l.traits, inner.traits...)
	}
	return changes
}

// inSchema gives what CREATE SCHEMA makes the schema's name.
func inSchema(n *astNode, schema string) {
	var made *astRangeVar
	switch s := unwrap(n).(type) {
	case *astCreateStmt:
		made = s.Relation
	case *astViewStmt:
		made = s.View
	case *astIndexStmt:
		made = s.Relation
	case *astCreateSeqStmt:
		made = s.Sequence
	case *astCreateTrigStmt:
		made = s.Relation
	}
	if made.GetSchemaname() == "" && made != nil {
		made.Schemaname = schema
	}
}
