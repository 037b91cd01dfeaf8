package scratch

import (
	"errors"
	"os"
)

// Dir makes a folder and returns what removes it. If this process is killed before it does, a later
// run that starts a server removes the folder.
func Dir() (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("", dirPrefix)
	if err != nil {
		return "", nil, err
	}
	unclaim, err := claim(dir)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, func() error {
		unclaim()
		return os.RemoveAll(dir)
	}, nil
}
