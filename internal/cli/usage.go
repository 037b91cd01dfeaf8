package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noSuchCommand is the argument check of a command that only has subcommands.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return usage(c.CommandPath()+" --help lists the commands", "there is no command %q%s",
		c.CommandPath()+" "+args[0], didYouMean(args[0], names))
}

// flagError says what is wrong with a flag. An unknown command's flags are unknown too: there the
// command is what is wrong.
func flagError(c *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	if args := c.Flags().Args(); c.HasSubCommands() && len(args) > 0 {
		return noSuchCommand(c, args)
	}
	hint := c.CommandPath() + " --help lists the flags"
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) && wrong.GetFlag().Value.Type() == "bool" {
		return usage(hint, "--%s %q: it must be true or false, or have no value", wrong.GetFlag().Name, wrong.GetValue())
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usage(hint, "%w", err)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	suggestion := didYouMean(unknown.GetSpecifiedName(), names)
	if suggestion != "" {
		suggestion = strings.Replace(suggestion, `"`, `"--`, 1)
	}
	return usage(hint, "%w%s", err, suggestion)
}

// arguments checks how many arguments a command gets; what names them in the error.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		hint := fmt.Sprintf("usage: %s", c.UseLine())
		switch {
		case len(args) < least:
			return usage(hint, "%s needs %s", c.CommandPath(), what)
		case len(args) > most:
			return usage(hint, "%s does not take %q", c.CommandPath(), args[most])
		}
		return nil
	}
}

// appArguments checks APP and VERSION. An empty one is a variable that a pipeline did not set: it must
// not be registered, nor, given to retire, stand for the whole app.
func appArguments(least int) cobra.PositionalArgs {
	count := arguments(least, 2, "APP and VERSION")
	return func(c *cobra.Command, args []string) error {
		if err := count(c, args); err != nil {
			return err
		}
		for i, what := range []string{"APP", "VERSION"}[:len(args)] {
			if strings.TrimSpace(args[i]) == "" {
				return usage("is a variable of the pipeline not set?", "%s was given an empty %s", c.CommandPath(), what)
			}
		}
		return nil
	}
}

// argument is the nth argument; empty where it was not given.
func argument(args []string, n int) string {
	if n < len(args) {
		return args[n]
	}
	return ""
}

// oneOf checks the value of a flag or an argument, which what names.
func oneOf(what, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return usage("", "%s %q: it must be %s%s", what, value, orList(values), didYouMean(value, values))
}

func orList(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	last := len(values) - 1
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

// didYouMean is `; did you mean "NAME"?` for a name close to what was written, or empty.
func didYouMean(written string, names []string) string {
	best, distance := "", max(1, len(written)/3)+1
	for _, name := range names {
		if d := editDistance(strings.ToLower(written), strings.ToLower(name)); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours.
func editDistance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
