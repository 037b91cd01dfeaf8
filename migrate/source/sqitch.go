package source

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// sqitchFormat is sqitch's: changes in the order of sqitch.plan, each with a script in deploy and one in
// revert. psql or mysql runs them, so that they hold their own BEGIN and COMMIT. The scripts in verify
// only look.
var sqitchFormat = format{
	layout: Sqitch,
	mark: func(d *directory) (string, error) {
		settings, err := d.sqitchSettings()
		if err != nil || !d.has(settings.plan) {
			return "", err
		}
		return settings.plan, nil
	},
	reads: noneBeside,
	read:  readSqitch,
	draft: func(d drafting) (Draft, error) {
		return Draft{}, fmt.Errorf("naming a migration %s: sqitch keeps a plan of its changes; "+
			"let it make the files: sqitch add %s --note NOTE", d.name, d.name)
	},
}

// sqitchSettings are what sqitch.conf says of where things lie.
type sqitchSettings struct{ plan, deploy, revert, engine string }

func (d *directory) sqitchSettings() (sqitchSettings, error) {
	conf, err := d.optional("sqitch.conf")
	if err != nil {
		return sqitchSettings{}, err
	}
	core := map[string]string{}
	section := ""
	for l := range strings.SplitSeq(conf, "\n") {
		l = strings.TrimSpace(l)
		if strings.HasPrefix(l, "[") {
			section = strings.Trim(l, "[]")
		} else if key, value, ok := strings.Cut(l, "="); ok && section == "core" && !strings.HasPrefix(l, "#") {
			core[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	top := path.Clean(core["top_dir"])
	within := func(key, name string) string {
		if core[key] != "" {
			return path.Clean(core[key])
		}
		return path.Join(top, name)
	}
	return sqitchSettings{
		plan: within("plan_file", "sqitch.plan"), deploy: within("deploy_dir", "deploy"),
		revert: within("revert_dir", "revert"), engine: core["engine"],
	}, nil
}

// psqlEngines are those whose scripts psql runs; without a word of it sqitch was made for Postgres.
var psqlEngines = []string{"", "pg", "cockroach", "yugabyte"}

func readSqitch(d *directory) ([]Migration, error) {
	settings, err := d.sqitchSettings()
	if err != nil {
		return nil, err
	}
	plan, err := d.text(settings.plan)
	if err != nil {
		return nil, err
	}
	changes, err := sqitchPlan(settings.plan, plan)
	if err != nil {
		return nil, err
	}
	var migrations []Migration
	for _, c := range changes {
		script := c.scripts[0]
		there := func(script string) bool { return d.has(path.Join(settings.deploy, script+".sql")) }
		if at := slices.IndexFunc(c.scripts, there); at > 0 {
			script = c.scripts[at]
		}
		file := path.Join(settings.deploy, script+".sql")
		if !d.has(file) {
			return nil, &ListError{Path: settings.plan, Line: c.line, Problem: fmt.Sprintf("change %s has no %s", c.name, file),
				Hint: "write the script, or take the change out of the plan"}
		}
		m, err := d.migration(file, script, script)
		if err != nil {
			return nil, err
		}
		m.Up = whole(m, Scripted)
		if m.Down, err = d.partOf(path.Join(settings.revert, script+".sql"), Scripted); err != nil {
			return nil, err
		}
		if slices.Contains(psqlEngines, settings.engine) {
			m.Up, m.Down = psqlPart(m.Up), psqlPart(m.Down)
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}
