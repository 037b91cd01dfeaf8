package scratch

import (
	"context"
	"os/exec"
	"path/filepath"
)

type mariadb struct{ mysqlFamily }

func (mariadb) urlVariable() string { return "SEGUE_TEST_MARIADB_URL" }

func (mariadb) install(o Options) string {
	if o.Private {
		return "install MariaDB's server programs (Debian and Ubuntu: make setup-mysql): they are needed to restart a server"
	}
	return "install MariaDB (Debian and Ubuntu: make setup-mysql), start a Docker engine, or set SEGUE_TEST_MARIADB_URL"
}

func (mariadb) installations(ctx context.Context) []installation {
	var found []installation
	for _, bin := range serverFolders("mariadbd") {
		in := installation{bin: bin, clients: clientFolder(bin)}
		if in.release = releaseOf(ctx, in, "mariadbd", true); in.major != 0 {
			found = append(found, in)
		}
	}
	return found
}

func (mariadb) initialize(in installation, dir string) *exec.Cmd {
	return in.command("mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal",
		"--skip-test-db", "--datadir="+filepath.Join(dir, "data"), "--innodb-flush-method=nosync")
}

func (mariadb) serve(in installation, dir, name string, port int, o Options) *exec.Cmd {
	args := append(mysqlArguments(dir, name, port), mariadbSettings(o)...)
	return in.command("mariadbd", args...)
}

// mariadbSettings ask for what MySQL has by default.
func mariadbSettings(o Options) []string {
	settings := append(mysqlSettings(o), "--binlog-format=ROW", "--performance-schema=ON")
	return append(settings, extraSettings(o)...)
}

func (mariadb) ping(ctx context.Context, url string) (identity, error) {
	return pingMySQL(ctx, url, true)
}

func (mariadb) image(o Options) image {
	return image{
		ref:  "mariadb:" + imageTag(o),
		env:  map[string]string{"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": "yes"},
		args: mariadbSettings(o),
		port: "3306/tcp",
	}
}
