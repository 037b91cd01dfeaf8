package peers

var eugene = Tool{
	Name: "eugene", Title: "eugene", AsOf: "May 2025",
	Rules: []Rule{
		{Name: "E1", On: postgres, About: "a constraint is added and validated at once"},
		{Name: "E2", On: postgres, About: "NOT NULL is set without a CHECK that proves it"},
		{Name: "E3", On: postgres, About: "a json column is added"},
		{Name: "E4", On: postgres, About: "a statement runs while ACCESS EXCLUSIVE is held"},
		{Name: "E5", On: postgres, About: "a column changes its type, and the table is rewritten"},
		{Name: "E6", On: postgres, About: "an index is built without CONCURRENTLY"},
		{Name: "E7", On: postgres, About: "a UNIQUE constraint builds its own index"},
		{Name: "E8", On: postgres, About: "an exclusion constraint is added"},
		{Name: "E9", On: postgres, About: "a dangerous lock is asked for without lock_timeout"},
		{Name: "E10", On: postgres, About: "a table or an index is rewritten under a dangerous lock"},
		{Name: "E11", On: postgres, About: "a serial or a stored generated column is added"},
		{Name: "W12", On: postgres, About: "several ALTER TABLE of one table could be one"},
		{Name: "W13", On: postgres, About: "an enum is made"},
		{Name: "W14", On: postgres, About: "a primary key USING INDEX makes its columns NOT NULL, with a scan"},
		{Name: "E15", On: postgres, About: "a foreign key's columns have no index"},
	},
}
