package dialects

import "slices"

// WritesRows reports whether a statement writes rows of a table in use that no key picks out, or from one: nobody is to
// wait for that.
func WritesRows(c *Catalog, s Statement, fresh Fresh) bool {
	inUse := func(n Name) bool { return c.Table(n) != nil && !fresh[c.Resolve(n)] }
	for _, change := range s.Changes {
		w, ok := change.(WriteData)
		if !ok || w.ByKey(c) {
			continue
		}
		switch w.Kind {
		case Update, Delete, Merge:
			if inUse(w.Table) {
				return true
			}
		case Insert:
			if slices.ContainsFunc(w.Reads, inUse) {
				return true
			}
		}
	}
	return false
}

// ByKey reports whether a unique key's columns are all tied to constants: then it is a few rows.
func (w WriteData) ByKey(c *Catalog) bool {
	t := c.Table(w.Table)
	return t != nil && slices.ContainsFunc(t.Indexes, func(i *Index) bool {
		if !i.Unique && !i.Primary || i.Partial {
			return false
		}
		return !slices.ContainsFunc(i.Keys, func(key string) bool { return !slices.Contains(w.Pinned, key) })
	})
}
