package compat

import "reflect"

// Union is what is needed while instances of two starts of one version may be left. A new form is
// needed if either needs it, and an old form is let go of only by both. The two are kept side by
// side, since no single list says so: ready_for lets go of an old form by naming it. A start
// without a manifest needs every old form. Nil and nil is nil.
func Union(a, b *Manifest) *Manifest {
	if a == nil && b == nil {
		return nil
	}
	var starts []Manifest
	add := func(m Manifest) {
		m.With = nil
		for _, known := range starts {
			if reflect.DeepEqual(known, m) {
				return
			}
		}
		starts = append(starts, m)
	}
	for _, m := range []*Manifest{a, b} {
		if m == nil {
			add(Manifest{}) // neither uses nor ready_for: every old form
			continue
		}
		for _, start := range m.starts() {
			add(*start)
		}
	}
	union := starts[0]
	if len(starts) > 1 {
		union.With = starts[1:]
	}
	return &union
}
