package postgres

import (
	"os"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
)

func TestMain(m *testing.M) { os.Exit(scratch.Main(m)) }
