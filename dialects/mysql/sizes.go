package mysql

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// Sizes reads what the storage engine reckons; of a partitioned table the server adds its partitions
// up. MySQL shows numbers of up to a day ago unless the session asks it not to
// (information_schema_stats_expiry, from 8.0.3 on); MariaDB has no such cache.
func (d *Database) Sizes(ctx context.Context, q dialects.Queryer) ([]dialects.TableSize, error) {
	_, err := q.Exec(ctx, `SET SESSION information_schema_stats_expiry = 0`)
	if err != nil && !isCode(err, codeUnknownVariable) {
		return nil, fmt.Errorf("asking for the tables' sizes as they are now: %w", err)
	}
	var sizes []dialects.TableSize
	var t dialects.TableSize
	err = dialects.ReadRows(ctx, q, `/* segue: sizes */
SELECT t.table_name, COALESCE(t.table_rows, -1), COALESCE(t.data_length, -1), COALESCE(t.index_length, -1)
FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND t.table_name NOT IN `+ledgerNames+`
ORDER BY t.table_name`, nil, func() error {
		sizes = append(sizes, t)
		return nil
	}, &t.Table.Name, &t.Rows, &t.Bytes, &t.IndexBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the tables' sizes: %w", err)
	}
	return sizes, nil
}
