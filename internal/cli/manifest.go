package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

// appVersion is an app version as a command line names it.
type appVersion struct {
	app, version, group string
	manifest            string
	readyFor            []string
}

// manifestName is the manifest that is read where none is named.
const manifestName = "segue.app.yaml"

func (v *appVersion) addGroup(c *cobra.Command) {
	c.Flags().StringVar(&v.group, "group", compat.DefaultGroup, "`GROUP` of instances that are rolled out together")
}

func (v *appVersion) addManifest(c *cobra.Command) {
	c.Flags().StringVar(&v.manifest, "manifest", "", "what the version needs, `FILE` or - for stdin (default segue.app.yaml, where it is here)")
	c.Flags().StringArrayVar(&v.readyFor, "ready-for", nil, "the version lives on the new form of this `VERSION`; may be given several times")
}

// deploy is the version with its manifest, of a project.
func (a *app) deploy(v appVersion, project string) (migrate.Deploy, error) {
	d := migrate.Deploy{App: v.app, Version: v.version, Group: v.group}
	var err error
	if d.Manifest, err = a.readManifest(v); err != nil {
		return d, err
	}
	if len(v.readyFor) == 0 {
		return d, nil
	}
	if d.Manifest == nil {
		d.Manifest = &compat.Manifest{App: v.app, Project: project}
	}
	elsewhere := or(d.Manifest.Project, compat.DefaultProject) != project
	for _, version := range v.readyFor {
		if elsewhere && !strings.Contains(version, "/") {
			version = project + "/" + version
		}
		d.Manifest.ReadyFor = append(d.Manifest.ReadyFor, version)
	}
	return d, nil
}

// readManifest reads the manifest that was named, or the one that is here; nil where there is none.
func (a *app) readManifest(v appVersion) (*compat.Manifest, error) {
	name, given := or(v.manifest, manifestName), v.manifest != ""
	var data []byte
	var err error
	if name == "-" {
		name = "stdin"
		data, err = io.ReadAll(a.in)
	} else {
		data, err = os.ReadFile(name)
	}
	if errors.Is(err, fs.ErrNotExist) && !given {
		return nil, nil
	}
	if err != nil {
		return nil, usage("", "reading manifest: %w", err)
	}
	m, err := compat.ReadManifest(data, name)
	if err != nil {
		return nil, &usageError{problem: err}
	}
	if m.App == v.app {
		return m, nil
	}
	if given {
		return nil, usage("name the manifest of "+v.app, "%s is the manifest of %s, not of %s", name, m.App, v.app)
	}
	a.say("%s is the manifest of %s and says nothing of %s; name another with --manifest", name, m.App, v.app)
	return nil, nil
}
