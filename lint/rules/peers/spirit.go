package peers

var spirit = Tool{
	Name: "spirit", Title: "spirit", AsOf: "August 2026",
	Rules: []Rule{
		{Name: "allow_charset", On: onlyMySQL, About: "a character set is not utf8mb4"},
		{Name: "allow_engine", On: onlyMySQL, About: "a table's engine is not InnoDB"},
		{Name: "auto_inc_capacity", On: onlyMySQL, About: "an AUTO_INCREMENT counter is near the end of its type"},
		{Name: "datetime_index_position", On: onlyMySQL, About: "an index of several columns has a time before its end"},
		{Name: "has_float", On: onlyMySQL, About: "a column is a FLOAT or a DOUBLE"},
		{Name: "has_foreign_key", On: onlyMySQL, About: "a table has a foreign key"},
		{Name: "has_timestamp", On: onlyMySQL, About: "a column is a TIMESTAMP"},
		{Name: "index_visibility_mixed", On: onlyMySQL, About: "one ALTER makes an index visible or invisible and rebuilds the table"},
		{Name: "invisible_index_before_drop", On: onlyMySQL, About: "an index is dropped that was not made invisible first"},
		{Name: "multiple_alter_table", On: onlyMySQL, About: "several ALTER TABLE of one table could be one"},
		{Name: "name_case", On: onlyMySQL, About: "a table's name has capitals"},
		{Name: "primary_key", On: onlyMySQL, About: "a table has no primary key, or one of a small type"},
		{Name: "redundant_indexes", On: onlyMySQL, About: "an index is made unnecessary by another"},
		{Name: "rename_column", On: onlyMySQL, About: "a column is renamed"},
		{Name: "reserved_words", On: onlyMySQL, About: "a name is a reserved word"},
		{Name: "type_pedantic", On: onlyMySQL, About: "columns that are joined, going by their names, differ in type or collation"},
		{Name: "unsafe", On: onlyMySQL, About: "rows are lost: DROP, TRUNCATE"},
		{Name: "zero_date", On: onlyMySQL, About: "a default is a date of zeros, or a NOT NULL date has none"},
	},
}
