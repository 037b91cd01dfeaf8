package mysql

// The features that people take over from one server to the other, or from a newer release to an older
// one. The first releases are from the manuals; whether MySQL 9.7 and MariaDB 10.11 know a feature is
// held against the servers.
var (
	ifExists        = &feature{name: "IF EXISTS", mariadb: 100002}
	ifNotExists     = &feature{name: "IF NOT EXISTS", mariadb: 100002}
	orReplace       = &feature{name: "OR REPLACE", mariadb: 100008}
	onlineWord      = &feature{name: "ALTER ONLINE", mariadb: 100000, instead: "leave it out, and ask for LOCK=NONE"}
	ignoreWord      = &feature{name: "ALTER IGNORE", mariadb: 50000, instead: "look for the rows that would be lost first, and leave it out"}
	waitWord        = &feature{name: "*", mariadb: 100300, instead: "leave it out, and SET lock_wait_timeout before"}
	algorithmNoCopy = &feature{name: "ALGORITHM=NOCOPY", mariadb: 100300, instead: "ask for ALGORITHM=INPLACE, LOCK=NONE"}
	instantWord     = &feature{name: "ALGORITHM=INSTANT", mysql: 80012, mariadb: 100300, instead: "ask for ALGORITHM=INPLACE, LOCK=NONE"}
	dropAlgorithm   = &feature{name: "* of DROP INDEX", mysql: 50600, instead: "leave it out, or write ALTER TABLE ... DROP INDEX"}

	renameColumnWord = &feature{name: "RENAME COLUMN", mysql: 80003, mariadb: 100502, instead: "write CHANGE old new TYPE"}
	renameIndexWord  = &feature{name: "RENAME INDEX", mysql: 50701, mariadb: 100502, instead: "add the index by its new name, and drop the old one"}
	setVisible       = &feature{name: "SET * of a column", mysql: 80023, instead: "write MODIFY with the whole column"}
	indexVisibility  = &feature{name: "* of an index", mysql: 80000, instead: "write NOT IGNORED or IGNORED"}
	indexIgnored     = &feature{name: "IGNORED of an index", mariadb: 100600, instead: "write INVISIBLE or VISIBLE"}
	functionalIndex  = &feature{name: "index over an expression", mysql: 80013, instead: "add a VIRTUAL column of the expression, and index that one"}
	withoutOverlaps  = &feature{name: "WITHOUT OVERLAPS", mariadb: 100503}

	dropCheck      = &feature{name: "DROP CHECK", mysql: 80016, instead: "write DROP CONSTRAINT"}
	dropConstraint = &feature{name: "DROP CONSTRAINT", mysql: 80019, mariadb: 100200, instead: "write DROP FOREIGN KEY, DROP INDEX or DROP CHECK"}
	alterCheck     = &feature{name: "ALTER *", mysql: 80016, instead: "drop the constraint, and add it again"}
	enforcedWord   = &feature{name: "ENFORCED", mysql: 80016}

	columnInvisible   = &feature{name: "INVISIBLE of a column", mysql: 80023, mariadb: 100303}
	columnVisible     = &feature{name: "VISIBLE of a column", mysql: 80023}
	defaultExpression = &feature{name: "expression as a default", mysql: 80013, mariadb: 100201, instead: "have the apps give the value"}
	defaultFunction   = &feature{name: "function as a default without parentheses", mariadb: 100201, instead: "put it in parentheses"}
	defaultOfText     = &feature{name: "constant as the default of a TEXT, BLOB, JSON or spatial column", mariadb: 100201,
		instead: "put it in parentheses, which makes it an expression (MySQL from 8.0.13 on), or leave it out"}
	persistentWord     = &feature{name: "PERSISTENT", mariadb: 50200, instead: "write STORED"}
	generatedNotNull   = &feature{name: "NOT NULL of a generated column", mysql: 50706}
	srid               = &feature{name: "SRID", mysql: 80003, instead: "write REF_SYSTEM_ID = number before NOT NULL"}
	referenceSystem    = &feature{name: "REF_SYSTEM_ID", mariadb: 100102, instead: "write SRID number"}
	columnCompressed   = &feature{name: "COMPRESSED of a column", mariadb: 100302}
	uuidType           = &feature{name: "type UUID", mariadb: 100700, instead: "take binary(16) or char(36)"}
	inet4Type          = &feature{name: "type INET4", mariadb: 101000, instead: "take int unsigned or varbinary(16)"}
	inet6Type          = &feature{name: "type INET6", mariadb: 100500, instead: "take varbinary(16)"}
	vectorType         = &feature{name: "type VECTOR", mysql: 90000, mariadb: 110701}
	jsonArrow          = &feature{name: "-> or ->> of JSON", mysql: 50709, instead: "write JSON_EXTRACT(), with JSON_UNQUOTE() about it for ->>"}
	collation0900      = &feature{name: "collation utf8mb4_0900_...", mysql: 80001, mariadb: 110405, instead: "take utf8mb4_unicode_520_ci or, from 10.10 on, utf8mb4_uca1400_ai_ci"}
	collation1400      = &feature{name: "collation ..._uca1400_...", mariadb: 101001, instead: "take utf8mb4_0900_ai_ci"}
	encryptionOption   = &feature{name: "ENCRYPTION of a table", mysql: 50711, instead: "write ENCRYPTED=YES"}
	encryptedOption    = &feature{name: "ENCRYPTED of a table", mariadb: 100103, instead: "write ENCRYPTION='Y'"}
	compressionOption  = &feature{name: "COMPRESSION of a table", mysql: 50708, instead: "write PAGE_COMPRESSED=1"}
	pageCompressed     = &feature{name: "PAGE_COMPRESSED", mariadb: 100100, instead: "write COMPRESSION='zlib'"}
	systemVersioning   = &feature{name: "SYSTEM VERSIONING", mariadb: 100304}
	periodFor          = &feature{name: "PERIOD FOR", mariadb: 100304}
	sequenceWord       = &feature{name: "SEQUENCE", mariadb: 100300, instead: "use a table with an AUTO_INCREMENT column"}
	returningWord      = &feature{name: "RETURNING", mariadb: 100005}
	insertReturning    = &feature{name: "RETURNING of INSERT and REPLACE", mariadb: 100500}
	rowAliasWord       = &feature{name: "alias for the new row of INSERT", mysql: 80019, instead: "write VALUES(column) behind ON DUPLICATE KEY UPDATE"}
	persistWord        = &feature{name: "SET PERSIST", mysql: 80000, instead: "write SET GLOBAL, and put it into the server's option file"}
	retainPassword     = &feature{name: "* of an account's password", mysql: 80014, instead: "make a second account for the time of the change"}
	viewIfNotExists    = &feature{name: "IF NOT EXISTS of a view", mysql: 90100, mariadb: 100103, instead: "write CREATE OR REPLACE VIEW"}
	programIfNotExists = &feature{name: "IF NOT EXISTS of a trigger or routine", mysql: 80029, mariadb: 100104, instead: "DROP ... IF EXISTS it before, and leave it out"}
)

// replaceable is what MariaDB has CREATE OR REPLACE for and MySQL has not.
var replaceable = map[string]bool{
	"TABLE": true, "TEMPORARY": true, "TRIGGER": true, "PROCEDURE": true, "FUNCTION": true, "AGGREGATE": true, "EVENT": true,
	"INDEX": true, "UNIQUE": true, "FULLTEXT": true, "SEQUENCE": true, "DATABASE": true, "USER": true, "ROLE": true, "PACKAGE": true,
}

// columnTypes are types that one server has.
var columnTypes = map[string]*feature{"UUID": uuidType, "INET4": inet4Type, "INET6": inet6Type, "VECTOR": vectorType}

// withoutDefault are the types whose default MySQL takes as an expression only.
var withoutDefault = map[string]bool{
	"TINYTEXT": true, "TEXT": true, "MEDIUMTEXT": true, "LONGTEXT": true, "TINYBLOB": true, "BLOB": true, "MEDIUMBLOB": true, "LONGBLOB": true,
	"JSON": true, "GEOMETRY": true, "POINT": true, "LINESTRING": true, "POLYGON": true, "MULTIPOINT": true, "MULTILINESTRING": true,
	"MULTIPOLYGON": true, "GEOMETRYCOLLECTION": true, "GEOMCOLLECTION": true,
}

// plainDefaults are words that stand behind DEFAULT without parentheses on both servers.
var plainDefaults = map[string]bool{
	"NULL": true, "TRUE": true, "FALSE": true, "CURRENT_TIMESTAMP": true, "NOW": true, "LOCALTIME": true, "LOCALTIMESTAMP": true,
}
