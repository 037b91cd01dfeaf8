package source

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
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

// AtlasSum is the list of sums of a directory that was changed, as atlas migrate hash writes it. It is false where the
// directory had none, or one that did not fit before either: then a person has to look at it.
func AtlasSum(before, after fs.FS) (DraftFile, bool, error) {
	d, err := openDirectory(before)
	if err != nil || !d.has(atlasSum) {
		return DraftFile{}, false, err
	}
	if changed, err := d.atlasChanged(); err != nil || len(changed) > 0 {
		return DraftFile{}, false, err
	}
	if d, err = openDirectory(after); err != nil {
		return DraftFile{}, false, err
	}
	running, all := sha256.New(), sha256.New()
	var list strings.Builder
	for _, file := range d.sql() {
		text, err := d.raw(file)
		if err != nil {
			return DraftFile{}, false, err
		}
		running.Write([]byte(file))
		if atlasDirectives(text)["sum"] == "ignore" {
			continue
		}
		running.Write([]byte(text))
		sum := base64.StdEncoding.EncodeToString(running.Sum(nil))
		all.Write([]byte(file))
		all.Write([]byte(sum))
		list.WriteString(file + " h1:" + sum + "\n")
	}
	head := "h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)) + "\n"
	return DraftFile{atlasSum, head + list.String()}, true, nil
}
