package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

func statsCommand(a *app) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "stats",
		Short: "Read how large a live database's tables are, for lint --stats",
		Long: `Reads what the server reckons of each table: rows, their bytes, and those of its indexes. It counts
nothing, changes nothing, and needs no privilege on the tables. With --output the numbers are written to a file as JSON,
which segue lint --stats goes by: then what scans or rewrites a table is graded by how large that is.

On Postgres they are as of the last VACUUM or ANALYZE; a table that had none is shown without rows.`,
		Args: arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.stats(c.Context(), file) },
	}
	c.Flags().StringVarP(&file, "output", "o", "", "write the numbers to a `FILE`, as JSON, instead of showing them")
	return c
}

// statsDocument is the sizes of a database's tables as JSON.
type statsDocument struct {
	Version  int         `json:"version"`
	Server   string      `json:"server"`
	Database string      `json:"database"`
	TakenAt  time.Time   `json:"taken_at"`
	Tables   []tableStat `json:"tables"`
}

// tableStat is one table; null where the server has no number.
type tableStat struct {
	Schema     string `json:"schema,omitempty"`
	Table      string `json:"table"`
	Rows       *int64 `json:"rows"`
	Bytes      *int64 `json:"bytes"`
	IndexBytes *int64 `json:"index_bytes"`
}

func (a *app) stats(ctx context.Context, file string) error {
	if _, err := a.format(); err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	document, err := a.readStats(ctx, s.url)
	if err != nil {
		return err
	}
	if file == "" {
		return a.print(document, func(t text) { t.stats(document) })
	}
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o666); err != nil {
		return usage("", "writing the tables' sizes: %w", err)
	}
	a.say("wrote the sizes of %d tables of %s to %s", len(document.Tables), document.Database, file)
	return nil
}

func (a *app) readStats(ctx context.Context, url string) (statsDocument, error) {
	d := statsDocument{Version: 1, TakenAt: a.now().UTC().Truncate(time.Second), Tables: []tableStat{}}
	db, err := openDatabase(ctx, url)
	if err != nil {
		return d, err
	}
	defer db.Close()
	session, err := db.Session(ctx)
	if err != nil {
		return d, err
	}
	defer session.Close()
	server, err := db.Server(ctx, session)
	if err != nil {
		return d, err
	}
	d.Server, d.Database = server.Version.String(), server.Database
	sizes, err := db.Sizes(ctx, session)
	for _, t := range sizes {
		d.Tables = append(d.Tables, tableStat{t.Table.Schema, t.Table.Name, known(t.Rows), known(t.Bytes), known(t.IndexBytes)})
	}
	return d, err
}

// known is a number that may be dialects.Unknown, which is nil.
func known(n int64) *int64 {
	if n == dialects.Unknown {
		return nil
	}
	return &n
}

// number is the other way round.
func number(n *int64) int64 {
	if n == nil {
		return dialects.Unknown
	}
	return *n
}

func (t text) stats(d statsDocument) {
	shown := func(n *int64) string {
		if n == nil {
			return "unknown"
		}
		return counted(*n)
	}
	var rows [][]string
	for _, s := range d.Tables {
		rows = append(rows, []string{dialects.Name{Schema: s.Schema, Name: s.Table}.String(), shown(s.Rows), shown(s.Bytes), shown(s.IndexBytes)})
	}
	t.table([]string{"TABLE", "ROWS", "BYTES", "OF INDEXES"}, rows)
	t.line("These are what %s reckons of database %s; segue stats --output FILE writes them for segue lint --stats FILE.", d.Server, d.Database)
}

// statsFile reads what segue stats wrote: the sizes, and the server that they are of.
func statsFile(file string) (stats lint.Stats, server dialects.Version, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return stats, server, usage("segue stats --output FILE writes one", "reading the tables' sizes: %w", err)
	}
	var d statsDocument
	err = json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &d)
	if err == nil && (d.Version != 1 || d.Tables == nil) {
		err = fmt.Errorf("it has no version 1 and tables")
	}
	if err == nil {
		server, err = parseServer(d.Server)
	}
	if err != nil {
		return stats, server, usage("write it anew: segue stats --output "+file, "reading the tables' sizes from %s: %w", file, err)
	}
	stats = lint.Stats{Taken: d.TakenAt, Sizes: map[dialects.Name]dialects.Size{}}
	for _, t := range d.Tables {
		stats.Sizes[dialects.Name{Schema: t.Schema, Name: t.Table}] = dialects.Size{
			Rows: number(t.Rows), Bytes: number(t.Bytes), IndexBytes: number(t.IndexBytes),
		}
	}
	return stats, server, nil
}
