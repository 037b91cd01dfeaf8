package postgres

import "github.com/segue-db/segue/dialects"

// objectKinds are the kinds that DROP, RENAME, SET SCHEMA and OWNER TO may name, tables and indexes
// left out. What is in neither is OtherObject.
var objectKinds = map[string]dialects.ObjectKind{
	"OBJECT_VIEW":          dialects.View,
	"OBJECT_MATVIEW":       dialects.MaterializedView,
	"OBJECT_TRIGGER":       dialects.TriggerObject,
	"OBJECT_FUNCTION":      dialects.Function,
	"OBJECT_PROCEDURE":     dialects.Function,
	"OBJECT_ROUTINE":       dialects.Function,
	"OBJECT_AGGREGATE":     dialects.OtherObject,
	"OBJECT_SEQUENCE":      dialects.Sequence,
	"OBJECT_SCHEMA":        dialects.Schema,
	"OBJECT_DATABASE":      dialects.DatabaseObject,
	"OBJECT_TYPE":          dialects.CompositeType,
	"OBJECT_DOMAIN":        dialects.Domain,
	"OBJECT_POLICY":        dialects.Policy,
	"OBJECT_STATISTIC_EXT": dialects.Statistics,
	"OBJECT_EXTENSION":     dialects.Extension,
	"OBJECT_PUBLICATION":   dialects.Publication,
	"OBJECT_SUBSCRIPTION":  dialects.Subscription,
	"OBJECT_INDEX":         dialects.IndexObject,
}

func objectKind(objectType string) dialects.ObjectKind {
	if kind, ok := objectKinds[objectType]; ok {
		return kind
	}
	return dialects.OtherObject
}

// isTableType holds for tables and foreign tables.
func isTableType(objectType string) bool {
	return objectType == "OBJECT_TABLE" || objectType == "OBJECT_FOREIGN_TABLE"
}

// isPartType holds for what is named by its table and its own name.
func isPartType(objectType string) bool {
	return objectType == "OBJECT_TRIGGER" || objectType == "OBJECT_POLICY" || objectType == "OBJECT_RULE"
}

// lowerNames lowers what drops objects or changes their names, schemas and owners.
func lowerNames(stmt *astNode) []dialects.Change {
	switch s := unwrap(stmt).(type) {
	case *astDropStmt:
		return lowerDrop(s)
	case *astDropSubscriptionStmt:
		return single(dialects.DropObject{
			Kind: dialects.Subscription, Object: dialects.Name{Name: s.Subname}, IfExists: s.MissingOk,
		})
	case *astDropdbStmt:
		return single(dialects.DropObject{
			Kind: dialects.DatabaseObject, Object: dialects.Name{Name: s.Dbname}, IfExists: s.MissingOk,
		})
	case *astRenameStmt:
		return single(lowerRename(s))
	case *astAlterObjectSchemaStmt:
		if isTableType(s.ObjectType.String()) {
			return single(dialects.AlterTable{Table: rangeName(s.Relation), What: "set schema", Value: s.Newschema})
		}
		return single(dialects.AlterObject{
			Kind: objectKind(s.ObjectType.String()), Object: relationOr(s.Relation, s.Object),
			What: "set schema", To: s.Newschema,
		})
	case *astAlterOwnerStmt:
		return single(dialects.AlterObject{
			Kind: objectKind(s.ObjectType.String()), Object: relationOr(s.Relation, s.Object),
			What: "owner", Value: s.Newowner.GetRolename(),
		})
	}
	return nil
}

func relationOr(r *astRangeVar, object *astNode) dialects.Name {
	if r != nil {
		return rangeName(r)
	}
	return objectName(object)
}

func lowerDrop(s *astDropStmt) []dialects.Change {
	objectType := s.RemoveType.String()
	cascade := s.Behavior.String() == "DROP_CASCADE"
	var changes []dialects.Change
	for _, n := range s.Objects {
		name := objectName(n)
		switch {
		case isTableType(objectType):
			changes = append(changes, dialects.DropTable{Table: name, IfExists: s.MissingOk, Cascade: cascade})
		case objectType == "OBJECT_INDEX":
			changes = append(changes, dialects.DropIndex{
				Index: name, Concurrently: s.Concurrent, IfExists: s.MissingOk, Cascade: cascade,
			})
		default:
			drop := dialects.DropObject{
				Kind: objectKind(objectType), Object: name, IfExists: s.MissingOk, Cascade: cascade,
			}
			if isPartType(objectType) {
				drop.Table, drop.Object = partName(n)
			}
			changes = append(changes, drop)
		}
	}
	return changes
}

func lowerRename(s *astRenameStmt) dialects.Change {
	relation := rangeName(s.Relation)
	renameType, relationType := s.RenameType.String(), s.RelationType.String()
	switch {
	case renameType == "OBJECT_ROLE":
		return dialects.Describe{What: "rename user", Value: s.Subname}
	case isTableType(renameType):
		return dialects.RenameTable{Table: relation, To: s.Newname}
	case renameType == "OBJECT_INDEX":
		return dialects.RenameIndex{Index: relation, To: s.Newname}
	case renameType == "OBJECT_COLUMN" && isTableType(relationType):
		return dialects.RenameColumn{Table: relation, Column: s.Subname, To: s.Newname}
	case renameType == "OBJECT_TABCONSTRAINT":
		return dialects.RenameConstraint{Table: relation, Name: s.Subname, To: s.Newname}
	case isPartType(renameType):
		return dialects.AlterObject{
			Kind: objectKind(renameType), Object: dialects.Name{Name: s.Subname}, Table: relation,
			What: "rename", To: s.Newname,
		}
	case renameType == "OBJECT_COLUMN":
		return dialects.AlterObject{
			Kind: objectKind(relationType), Object: relation, What: "rename column", Value: s.Subname, To: s.Newname,
		}
	case renameType == "OBJECT_ATTRIBUTE":
		return dialects.AlterObject{
			Kind: dialects.CompositeType, Object: relation, What: "rename attribute", Value: s.Subname, To: s.Newname,
		}
	case renameType == "OBJECT_DOMCONSTRAINT":
		return dialects.AlterObject{
			Kind: dialects.Domain, Object: objectName(s.Object), What: "rename constraint", Value: s.Subname, To: s.Newname,
		}
	}
	name := relationOr(s.Relation, s.Object)
	if name.Name == "" { // schemas and databases
		name.Name = s.Subname
	}
	return dialects.AlterObject{Kind: objectKind(renameType), Object: name, What: "rename", To: s.Newname}
}
