package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

type position struct{ Line, Column int }

type rdjsonReport struct {
	Source      struct{ Name, URL string }
	Diagnostics []struct {
		Message  string
		Location struct {
			Path  string
			Range *struct{ Start, End position }
		}
		Severity string
		Code     struct{ Value, URL string }
	}
}

func readRDJSON(t *testing.T, text string) (list rdjsonReport) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return list
}

func TestRDJSONReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		var got []told
		for i, d := range readRDJSON(t, written(t, report.RDJSON, r)).Diagnostics {
			start := d.Location.Range.Start
			// Its columns are bytes: what stands before one are so many characters.
			line := strings.Split(r.Sources[r.Findings[i].File], "\n")[start.Line-1]
			column := len([]rune(line[:start.Column-1])) + 1
			message, _, _ := strings.Cut(d.Message, "\nwhy: ")
			message, _, _ = strings.Cut(message, "\ninstead: ")
			got = append(got, told{d.Code.Value, strings.ToLower(d.Severity), d.Location.Path, start.Line, column, message})
		}
		same(t, got, all(r))
	}
}

func TestRDJSONColumnsAreBytes(t *testing.T) {
	d := readRDJSON(t, written(t, report.RDJSON, hostile())).Diagnostics[0]
	if want := (position{2, 8}); d.Location.Range.Start != want {
		t.Errorf("it starts at %v, not %v", d.Location.Range.Start, want)
	}
	if want := (position{2, 16}); d.Location.Range.End != want {
		t.Errorf("it ends at %v, not %v", d.Location.Range.End, want)
	}
}

func TestRDJSONOfNothingHasAnEmptyList(t *testing.T) {
	got := written(t, report.RDJSON, nothing())
	if !strings.Contains(got, `"diagnostics": []`) || readRDJSON(t, got).Source.Name != "segue lint" {
		t.Errorf("got %s", got)
	}
}
