package dialects

// SessionState is what a file's own SET statements change for the statements behind them, as far as effects
// depend on it (MySQL family). The zero value is a session with the server's defaults.
type SessionState struct {
	KeysUnchecked bool // foreign_key_checks = 0
	Lenient       bool // an sql_mode without strict mode
	// TimeZone is that of Postgres; empty where it is not known. A live server's is the session's that read it.
	TimeZone string
}
