package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

// What is written must be valid by the schema that OASIS publishes: testdata/sarif-schema-2.1.0.md
// says where it is from.
func TestSARIFIsValidByItsSchema(t *testing.T) {
	file, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif-schema-2.1.0.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text string) error {
		log, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(log)
	}
	for name, r := range map[string]*lint.Result{"mixed": mixed(), "fixable": fixable(fixIsWhole), "nothing": nothing(), "hostile": hostile(), "empty": {}, "broken": broken()} {
		if err := valid(written(t, report.SARIF, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := written(t, report.SARIF, mixed())
	for _, c := range []struct{ old, wrong string }{
		{`"level": "error"`, `"level": "fatal"`}, {`"startLine": 2`, `"startLine": 0`}, {`"kind": "external"`, `"kind": "outside"`},
		{`"version": "2.1.0"`, `"version": "2.1"`}, {`"results":`, `"findings":`},
	} {
		if broken := strings.Replace(text, c.old, c.wrong, 1); broken == text || valid(broken) == nil {
			t.Errorf("%s in the place of %s is valid, or there is none", c.wrong, c.old)
		}
	}
}
