package postgres

import "github.com/segue-db/segue/dialects"

// managed is the table of SELECT diesel_manage_updated_at('table'). The function is one that Diesel's own
// first migration makes, and stands in most of its projects: it makes a trigger on the table, and no more.
func managed(text string) (dialects.Name, bool) {
	stmt, err := parseOne(text)
	if err != nil || len(stmt.GetSelectStmt().GetTargetList()) != 1 {
		return dialects.Name{}, false
	}
	call := stmt.GetSelectStmt().TargetList[0].GetResTarget().GetVal().GetFuncCall()
	if listName(call.GetFuncname()).Name != "diesel_manage_updated_at" || len(call.Args) != 1 {
		return dialects.Name{}, false
	}
	table := call.Args[0].GetAConst().GetSval().GetSval()
	return dialects.Name{Name: table}, table != ""
}
