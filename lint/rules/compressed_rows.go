package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var compressedRows = lint.Rule{
	ID: "compressed-rows", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/compression"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A table is compressed by the server",
		Condition: "ROW_FORMAT=COMPRESSED, KEY_BLOCK_SIZE, COMPRESSION, PAGE_COMPRESSED, or a column of MariaDB that is COMPRESSED.",
		Effect: "Writes compress pages again and again, and hot pages stand in memory twice. Compressed rows take no column " +
			"at once (ALGORITHM=INSTANT); compressed pages save space only where the file system makes holes.",
		Workaround: "DYNAMIC rows, and compression in the file system or of single values by the app.",
	}},
	Check: written(dialects.Compression, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("the table is compressed: %s", t.Detail),
			Why:     "writes compress pages again and again, and fewer changes of the table can be made at once",
			Instead: "leave the option out",
		}
	}),
}
