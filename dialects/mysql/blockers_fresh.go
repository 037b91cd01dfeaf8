package mysql

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// looksAnew is how often a fresh list is asked for. Each look takes a bit more than 0.1 s.
const looksAnew = 40

// transactionsAnew has the server show in innodb_trx what is there now, to those who look within the next
// 0.1 s. What it shows is the list of the last look, whoever took it, unless that was more than 0.1 s
// ago (storage/innobase/trx/trx0i_s.cc): where others look often it is old without end, and a
// transaction that began meanwhile would be missed. So the session opens a transaction and looks for the
// very statement that looks.
func transactionsAnew(ctx context.Context, q dialects.Queryer) (err error) {
	const pause = `DO SLEEP(0.12 + 0.05 * RAND())`
	if c := connectionOf(q); c == nil || c.inTx {
		// In a transaction of the caller's, which may be none yet to InnoDB.
		_, err := q.Exec(ctx, pause)
		return err
	}
	if _, err := q.Exec(ctx, `START TRANSACTION WITH CONSISTENT SNAPSHOT`); err != nil {
		return err
	}
	defer func() {
		_, ended := q.Exec(context.WithoutCancel(ctx), `COMMIT`)
		err = errors.Join(err, ended)
	}()
	own := "look " + rand.Text()
	for range looksAnew {
		if _, err := q.Exec(ctx, pause); err != nil {
			return err
		}
		var seen int
		err := dialects.ReadRow(ctx, q, fmt.Sprintf(`/* segue: %s */ SELECT COUNT(*) FROM information_schema.innodb_trx
WHERE trx_mysql_thread_id = CONNECTION_ID() AND trx_query LIKE '%%%[1]s%%'`, own), nil, &seen)
		if err != nil || seen > 0 {
			return err
		}
	}
	return fmt.Errorf("the server gives an old list of its transactions: other sessions read information_schema.innodb_trx "+
		"more often than every 0.1 s (in %d looks); have them look less often", looksAnew)
}
