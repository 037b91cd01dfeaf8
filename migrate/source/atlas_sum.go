package source

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

const atlasSum = "atlas.sum"

// atlasChanged are the files that atlas.sum does not know as they are. Its sums are chained: each is over
// the names and contents of all files up to there, so that behind the first changed file all differ, and
// only that one is named.
func (d *directory) atlasChanged() (map[string]bool, error) {
	if !d.has(atlasSum) {
		return nil, nil
	}
	list, err := d.text(atlasSum)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for l := range strings.SplitSeq(list, "\n") {
		if file, sum, ok := strings.Cut(strings.TrimSpace(l), " h1:"); ok {
			known[file] = sum
		}
	}
	running := sha256.New()
	for _, file := range d.sql() {
		text, err := d.raw(file)
		if err != nil {
			return nil, err
		}
		running.Write([]byte(file))
		if atlasDirectives(text)["sum"] == "ignore" {
			continue
		}
		running.Write([]byte(text))
		if known[file] != base64.StdEncoding.EncodeToString(running.Sum(nil)) {
			return map[string]bool{file: true}, nil
		}
	}
	return nil, nil
}
