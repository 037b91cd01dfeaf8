package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// repo is a git repository as the git program shows it, and a folder in it. Nothing is written to it: no lock
// is taken to refresh the index either.
type repo struct {
	root   string
	folder string // db/migrations/, as seen from the root, which is empty
}

// gitError is a git command that failed.
type gitError struct {
	command string
	code    int
	said    string // its complaint
}

func (e *gitError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("git %s ended with code %d", e.command, e.code)
	}
	return fmt.Sprintf("git %s: %s", e.command, e.said)
}

// openRepo finds the repository that a folder is in.
func openRepo(ctx context.Context, dir string) (*repo, error) {
	out, err := (&repo{root: dir}).git(ctx, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		return nil, err
	}
	root, folder, _ := strings.Cut(string(out), "\n")
	return &repo{filepath.FromSlash(root), strings.TrimSuffix(folder, "\n")}, nil
}

// git runs the program and returns what it prints. Its error is a *gitError, but where it cannot be run.
func (r *repo) git(ctx context.Context, args ...string) ([]byte, error) {
	return r.run(ctx, "GIT_OPTIONAL_LOCKS=0", nil, args...)
}

// run is git with one more variable, and what it reads.
func (r *repo) run(ctx context.Context, variable string, input []byte, args ...string) ([]byte, error) {
	var out, complaint bytes.Buffer
	c := exec.CommandContext(ctx, "git", append([]string{"-C", r.root}, args...)...)
	c.Env = append(slices.DeleteFunc(os.Environ(), ofHook), variable, "LC_ALL=C")
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(input), &out, &complaint
	err := c.Run()
	if ended := (*exec.ExitError)(nil); errors.As(err, &ended) {
		said := strings.TrimPrefix(strings.TrimSpace(complaint.String()), "fatal: ")
		return nil, &gitError{command: args[0], code: ended.ExitCode(), said: said}
	}
	return out.Bytes(), err
}

// ofHook reports whether git sets a variable for its hooks. Their paths may be as seen from another folder;
// without them the repository is the one that the folder is in.
func ofHook(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}, name)
}

// line is what a command prints, which is one line.
func (r *repo) line(ctx context.Context, args ...string) (string, error) {
	out, err := r.git(ctx, args...)
	return strings.TrimSpace(string(out)), err
}

// commit is the ID of the commit that a revision names; empty where there is none of that name.
func (r *repo) commit(ctx context.Context, revision string) (string, error) {
	id, err := r.line(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if isA[*gitError](err) {
		return "", nil
	}
	return id, err
}

// mergeBase is the commit where two parted; empty where the history that is here does not tell.
func (r *repo) mergeBase(ctx context.Context, one, other string) (string, error) {
	id, err := r.line(ctx, "merge-base", one, other)
	var e *gitError
	if errors.As(err, &e) && e.code == 1 {
		return "", nil
	}
	return id, err
}

// shallow reports whether history ends before its beginning.
func (r *repo) shallow(ctx context.Context) (bool, error) {
	is, err := r.line(ctx, "rev-parse", "--is-shallow-repository")
	return is == "true", err
}

// checkOut writes the folder as a commit has it into an empty directory, with line ends and filters as in a
// working tree; a folder that the commit lacks is empty. git archive would leave out what is marked
// export-ignore, and read the attributes of no folder above.
func (r *repo) checkOut(ctx context.Context, commit, into string) (fs.FS, error) {
	index := "GIT_INDEX_FILE=" + filepath.Join(into, "index")
	if _, err := r.run(ctx, index, nil, "read-tree", "--no-sparse-checkout", commit); err != nil {
		return nil, err
	}
	files, err := r.run(ctx, index, nil, "ls-files", "-z", "--", ":(literal)./"+r.folder)
	if err != nil {
		return nil, err
	}
	tree := filepath.Join(into, "tree")
	if _, err := r.run(ctx, index, files, "checkout-index", "--prefix="+filepath.ToSlash(tree)+"/", "-z", "--stdin"); err != nil {
		return nil, err
	}
	folder := filepath.Join(tree, filepath.FromSlash(r.folder))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return os.DirFS(folder), nil
}

// changed are the files outside of the folder that differ from a commit's, those that git does not track among
// them; from the root.
func (r *repo) changed(ctx context.Context, commit string) ([]string, error) {
	edited, err := r.git(ctx, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit, "--")
	if err != nil {
		return nil, err
	}
	added, err := r.git(ctx, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	var files []string
	for file := range strings.SplitSeq(string(edited)+string(added), "\x00") {
		if file != "" && (r.folder == "" || !strings.HasPrefix(file, r.folder)) {
			files = append(files, file)
		}
	}
	return files, nil
}
