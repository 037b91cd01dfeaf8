package postgres

import "github.com/segue-db/segue/dialects"

// The table locks of Postgres.
const (
	accessShare          dialects.Lock = "ACCESS SHARE"
	rowShare             dialects.Lock = "ROW SHARE"
	rowExclusive         dialects.Lock = "ROW EXCLUSIVE"
	shareUpdateExclusive dialects.Lock = "SHARE UPDATE EXCLUSIVE"
	share                dialects.Lock = "SHARE"
	shareRowExclusive    dialects.Lock = "SHARE ROW EXCLUSIVE"
	exclusive            dialects.Lock = "EXCLUSIVE"
	accessExclusive      dialects.Lock = "ACCESS EXCLUSIVE"
)

// lockModes are the locks by the server's own numbers, weakest first. Source: storage/lockdefs.h.
var lockModes = [...]dialects.Lock{
	"", accessShare, rowShare, rowExclusive, shareUpdateExclusive, share, shareRowExclusive, exclusive, accessExclusive,
}

// blockedBy says what has to wait for a lock: reads take ACCESS SHARE, writes ROW EXCLUSIVE.
func blockedBy(l dialects.Lock) dialects.Blocks {
	switch l {
	case accessExclusive:
		return dialects.BlocksAll
	case share, shareRowExclusive, exclusive:
		return dialects.BlocksWrites
	}
	return dialects.BlocksNothing
}
