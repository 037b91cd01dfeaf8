package lint

// nearest is the rule whose ID takes the fewest changed letters to become the given one; empty if
// that takes more than a third of them.
func nearest(given string, suite []Rule) string {
	best, found := len(given)/3+1, ""
	for _, r := range suite {
		if d := distance(given, r.ID); d < best {
			best, found = d, r.ID
		}
	}
	return found
}

// distance counts the letters to put in, leave out or change between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
