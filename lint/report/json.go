package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/segue-db/segue/lint"
)

// document is the JSON of design section 9. Fields are added, never renamed.
type document struct {
	Version    int               `json:"version"`
	Server     string            `json:"server"`
	Files      int               `json:"files"`
	Findings   []lint.Finding    `json:"findings"`
	Suppressed []lint.Suppressed `json:"suppressed"`
	Summary    lint.Summary      `json:"summary"`
}

// JSON writes a result as one JSON document.
func JSON(w io.Writer, r *lint.Result) error {
	return encode(w, "JSON", document{
		Version: 1, Server: r.Server.String(), Files: r.Files,
		Findings: r.Findings, Suppressed: r.Suppressed, Summary: r.Summary(),
	})
}

// encode writes a document as JSON that people can read; format names it in errors.
func encode(w io.Writer, format string, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing findings as %s: %w", format, err)
	}
	return nil
}
