package scratch

import (
	"context"
	"os/exec"
	"path/filepath"
	"strconv"
)

type mysql struct{ mysqlFamily }

func (mysql) urlVariable() string { return "SEGUE_TEST_MYSQL_URL" }

func (mysql) install(o Options) string {
	if o.Private {
		return "install MySQL's server programs (Debian and Ubuntu: make setup-mysql): they are needed to restart a server"
	}
	return "install MySQL (Debian and Ubuntu: make setup-mysql), start a Docker engine, or set SEGUE_TEST_MYSQL_URL"
}

func (mysql) installations(ctx context.Context) []installation {
	var found []installation
	for _, bin := range append(serverFolders("mysqld"), filepath.Join(cacheDir(), "mysql", "bin")) {
		in := installation{bin: bin, clients: clientFolder(bin)}
		if in.release = releaseOf(ctx, in, "mysqld", false); in.major != 0 {
			found = append(found, in)
		}
	}
	return found
}

func (mysql) initialize(in installation, dir string) *exec.Cmd {
	return in.command("mysqld", "--no-defaults", "--initialize-insecure", "--datadir="+filepath.Join(dir, "data"),
		"--innodb-flush-method=nosync")
}

func (mysql) serve(in installation, dir, name string, port int, o Options) *exec.Cmd {
	args := append(mysqlArguments(dir, name, port), "--mysqlx=OFF")
	args = append(append(args, mysqlSettings(o)...), extraSettings(o)...)
	return in.command("mysqld", args...)
}

func (mysql) ping(ctx context.Context, url string) (identity, error) {
	return pingMySQL(ctx, url, false)
}

func (mysql) image(o Options) image {
	return image{
		ref:  "mysql:" + imageTag(o),
		env:  map[string]string{"MYSQL_ALLOW_EMPTY_PASSWORD": "yes"},
		args: append(mysqlSettings(o), extraSettings(o)...),
		port: "3306/tcp",
	}
}

// imageTag is latest, 9 or 8.4.
func imageTag(o Options) string {
	switch {
	case o.Server.Major == 0:
		return "latest"
	case o.Server.Minor == 0:
		return strconv.Itoa(o.Server.Major)
	}
	return strconv.Itoa(o.Server.Major) + "." + strconv.Itoa(o.Server.Minor)
}
