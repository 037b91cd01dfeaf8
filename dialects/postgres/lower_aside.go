package postgres

import "github.com/segue-db/segue/dialects"

// lowerAside lowers what makes or changes objects that the server keeps beside its tables: no table is locked
// for them. Seen on 15, and in src/backend/tcop/utility.c.
func (l *lowerer) lowerAside(stmt *astNode) []dialects.Change {
	create := func(name dialects.Name) []dialects.Change {
		return single(dialects.CreateObject{Kind: dialects.OtherObject, Object: name, Definition: l.text})
	}
	alter := func(name dialects.Name) []dialects.Change {
		return single(dialects.AlterObject{Kind: dialects.OtherObject, Object: name, What: "set options"})
	}
	describe := func(what string) []dialects.Change { return single(dialects.Describe{What: what}) }
	switch s := unwrap(stmt).(type) {
	case *astCreateFdwStmt:
		return create(dialects.Name{Name: s.Fdwname})
	case *astAlterFdwStmt:
		return alter(dialects.Name{Name: s.Fdwname})
	case *astCreateForeignServerStmt:
		return create(dialects.Name{Name: s.Servername})
	case *astAlterForeignServerStmt:
		return alter(dialects.Name{Name: s.Servername})
	case *astCreateUserMappingStmt:
		return describe("create user mapping")
	case *astAlterUserMappingStmt:
		return describe("alter user mapping")
	case *astDropUserMappingStmt:
		return describe("drop user mapping")
	case *astImportForeignSchemaStmt: // whose tables are another server's
		return describe("import foreign schema")
	case *astCreateCastStmt:
		return describe("create cast")
	case *astCreateTransformStmt:
		return describe("create transform")
	case *astCreateConversionStmt:
		return create(listName(s.ConversionName))
	case *astCreateAmStmt:
		return create(dialects.Name{Name: s.Amname})
	case *astCreatePLangStmt:
		return create(dialects.Name{Name: s.Plname})
	case *astCreateOpClassStmt:
		return create(listName(s.Opclassname))
	case *astCreateOpFamilyStmt:
		return create(listName(s.Opfamilyname))
	case *astAlterOpFamilyStmt:
		return alter(listName(s.Opfamilyname))
	case *astAlterOperatorStmt:
		return alter(listName(s.Opername.GetObjname()))
	case *astAlterTSDictionaryStmt:
		return alter(listName(s.Dictname))
	case *astAlterTSConfigurationStmt:
		return alter(listName(s.Cfgname))
	case *astAlterCollationStmt:
		return alter(listName(s.Collname))
	case *astAlterDatabaseSetStmt:
		return single(dialects.Describe{What: "set default", Value: lowerSet(s.Setstmt).Name, Object: dialects.ObjectKey{
			Kind: dialects.DatabaseObject, Name: dialects.Name{Name: s.Dbname}}})
	case *astLoadStmt:
		return describe("load")
	}
	return nil
}
