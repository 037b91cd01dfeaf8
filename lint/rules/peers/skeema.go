package peers

var skeema = Tool{
	Name: "skeema", Title: "skeema", AsOf: "August 2026",
	Rules: []Rule{
		{Name: "auto-inc", On: mysql, About: "an AUTO_INCREMENT column is of a small type, or counts from elsewhere"},
		{Name: "charset", On: mysql, About: "a character set is not one of those allowed"},
		{Name: "compression", On: mysql, About: "a table's compression is not one of those allowed"},
		{Name: "definer", On: mysql, About: "a stored program's DEFINER is not one of those allowed"},
		{Name: "display-width", On: mysql, About: "an integer has a display width"},
		{Name: "dupe-index", On: mysql, About: "an index is made unnecessary by another"},
		{Name: "engine", On: mysql, About: "a table's engine is not one of those allowed"},
		{Name: "fk-parent", On: mysql, About: "a foreign key names columns that are no unique key"},
		{Name: "has-enum", On: mysql, About: "a column is an ENUM or a SET"},
		{Name: "has-fk", On: mysql, About: "a table has a foreign key"},
		{Name: "has-float", On: mysql, About: "a column is a FLOAT or a DOUBLE"},
		{Name: "has-routine", On: mysql, About: "there is a stored procedure or function"},
		{Name: "has-time", On: mysql, About: "a column is a TIMESTAMP or another type of time that breaks"},
		{Name: "ids", On: mysql, About: "a column called id or ..._id is no bigint unsigned"},
		{Name: "name-case", On: mysql, About: "a table's name has capitals"},
		{Name: "nullable", On: mysql, About: "a column may hold NULL"},
		{Name: "pk", On: mysql, About: "a table has no primary key"},
		{Name: "pk-type", On: mysql, About: "a primary key is of a type that is not one of those allowed"},
		{Name: "reserved-word", On: mysql, About: "a name is a reserved word of some version"},
		{Name: "zero-date", On: mysql, About: "a default is a date of zeros"},
	},
}
