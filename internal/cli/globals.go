package cli

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/segue-db/segue/migrate/source"
)

// globalFlags are the flags that every command has.
type globalFlags struct {
	config  string
	url     optional
	dir     string
	server  string
	format  string
	noColor bool
	quiet   bool
	verbose bool
}

// optional is a flag that may be given as empty, which is not the same as not given.
type optional struct {
	text  string
	given bool
}

func (o *optional) String() string { return "" } // a default would be shown in help
func (o *optional) Type() string   { return "URL" }
func (o *optional) Set(s string) error {
	o.text, o.given = s, true
	return nil
}

// notEmpty is the value of a flag that must not be empty: a pipeline's variable that is not set.
type notEmpty string

func (s *notEmpty) String() string { return string(*s) }
func (s *notEmpty) Type() string   { return "string" }
func (s *notEmpty) Set(text string) error {
	if text == "" {
		return errors.New("it is empty: a variable may not be set; name something, or leave the flag out")
	}
	*s = notEmpty(text)
	return nil
}

func (g *globalFlags) add(f *pflag.FlagSet) {
	f.Var((*notEmpty)(&g.config), "config", "configuration `FILE` (default segue.yaml, looked for upward)")
	f.Var(&g.url, "database-url", "the database: postgres://user:password@host:5432/name,\nmysql://user:password@host:3306/name or mariadb://...\n(else SEGUE_DATABASE_URL, else DATABASE_URL; empty for none)")
	f.Var((*notEmpty)(&g.dir), "dir", "migrations directory `DIR` (default migrations)")
	f.Var((*notEmpty)(&g.server), "server", "server to plan and lint for, `KIND[:VERSION]`, such as\nmysql:8.4 or mariadb:10.11; a live server's own goes first\n(default: of the kind that the URL is for, else postgres:16)")
	f.Var((*notEmpty)(&g.format), "format", "output `FORMAT`: table or json; what else a command has, its help says")
	f.BoolVar(&g.noColor, "no-color", false, "no colours (NO_COLOR does the same)")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print results and errors alone")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "log what is done, and show more of it")
	f.SortFlags = false
}

// settings are what a command goes by: flags over environment over file over defaults.
type settings struct {
	config
	file string // the configuration; empty where there is none
	url  string // empty where none was given
	// path is the migrations directory, relative to the working directory where it is below it.
	path string
	// named says that somebody named the directory, so that it has to be there.
	named bool
	// said says that a flag or the file names the server; guessed that nothing does, not even a URL, so
	// that server is the default one.
	said, guessed bool
}

// configName is the configuration's file name.
const configName = "segue.yaml"

// settings reads the configuration and merges everything.
func (a *app) settings() (*settings, error) {
	s := &settings{config: defaultConfig()}
	var err error
	if s.file, err = a.configFile(); err != nil {
		return nil, err
	}
	base := "."
	if s.file != "" {
		data, err := os.ReadFile(s.file)
		if err != nil {
			return nil, usage("", "reading configuration: %w", err)
		}
		if s.config, err = parseConfig(data, s.file, a.env); err != nil {
			return nil, err
		}
		base = filepath.Dir(s.file)
	}
	s.path, s.named = s.dir, a.flags.dir != "" || s.dir != defaultDir
	if !filepath.IsAbs(s.path) {
		s.path = filepath.Join(base, s.path)
	}
	if a.flags.dir != "" {
		s.path = filepath.Clean(a.flags.dir)
	}
	if a.flags.server != "" {
		if s.server, err = parseServer(a.flags.server); err != nil {
			return nil, usage("", "--server: %w", err)
		}
	}
	s.url = a.databaseURL()
	if s.said = s.server.Kind != ""; !s.said {
		s.server, s.guessed = serverOf(s.url), s.url == ""
	}
	return s, nil
}

// configFile is the configuration to read: the one named, else the nearest segue.yaml upward.
func (a *app) configFile() (string, error) {
	if a.flags.config != "" {
		return a.flags.config, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", usage("", "looking for %s: %w", configName, err)
	}
	for up := "."; ; up = filepath.Join(up, "..") {
		path := filepath.Join(up, configName)
		switch _, err := os.Stat(path); {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", usage("", "looking for %s: %w", configName, err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", nil
		}
		dir = parent
	}
}

func (a *app) databaseURL() string {
	if a.flags.url.given {
		return a.flags.url.text
	}
	return or(a.getenv("SEGUE_DATABASE_URL"), a.getenv("DATABASE_URL"))
}

// getenv is a variable of the environment; empty where it is not set.
func (a *app) getenv(name string) string {
	value, _ := a.env(name)
	return value
}

// absence says what a migrations directory that is not there means to a command.
type absence string

const (
	// mustExist: the command is about the directory's migrations.
	mustExist absence = "must exist"
	// mayLack: the command asks the ledger, and may run where only an app is checked out.
	mayLack absence = "may lack"
)

// files is the migrations directory.
func (s *settings) files(a absence) (fs.FS, error) {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && a == mayLack && !s.named:
		return embed.FS{}, nil // one with nothing in it
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage(s.otherDir(), "there is no migrations directory %s", s.path)
	case err != nil:
		return nil, usage("", "reading the migrations directory: %w", err)
	case !info.IsDir():
		return nil, usage("name the directory that holds it", "%s is a file, not a migrations directory", s.path)
	}
	return os.DirFS(s.path), nil
}

// otherDir says what to do about a migrations directory that is not there.
func (s *settings) otherDir() string {
	if here, _ := filepath.Glob("*.sql"); len(here) > 0 && !s.named {
		return "this directory holds SQL files: name it with --dir ."
	}
	if dir, found := findDir(usualDirs); found && !s.named {
		return fmt.Sprintf("%s is there: name it with --dir, or let segue init write it into %s", dir, configName)
	}
	return "make it with the first migration, segue new NAME; or name another with --dir, or dir: in " + configName
}

// set reads the migrations directory.
func (s *settings) set(a absence) (*source.Set, error) {
	files, err := s.files(a)
	if err != nil {
		return nil, err
	}
	set, err := source.Read(files, s.layout)
	if err != nil {
		return nil, usage("in the migrations directory "+s.path, "%w", err)
	}
	return set, nil
}

// checkProject checks a project's name: it stands before the slash of PROJECT/VERSION.
func checkProject(name string) error {
	if strings.ContainsAny(name, "/ \t\n") {
		return fmt.Errorf("project %q: a name has no slash and no space", name)
	}
	return nil
}
