package demo

import "testing"

func TestRowsKnowWhichWriteCanBeTheLast(t *testing.T) {
	r := newRows(10)
	expect := func(id int64, address string, allowed bool) {
		t.Helper()
		if r.allow(id, address) != allowed {
			t.Errorf("row %d with %s: allowed is %t", id, address, !allowed)
		}
	}
	expect(1, firstAddress(1), true)
	expect(1, "a", false)
	expect(11, firstAddress(11), false)

	a := r.begin(1, "a")
	expect(1, firstAddress(1), true)
	expect(1, "a", true) // it may be stored before it is acknowledged
	r.acknowledge(a)
	expect(1, firstAddress(1), false)

	// Two at once: either may be the last.
	b, c := r.begin(1, "b"), r.begin(1, "c")
	r.acknowledge(c)
	r.acknowledge(b)
	expect(1, "a", false)
	expect(1, "b", true)
	expect(1, "c", true)
	if _, _, ok := r.settled(1); ok {
		t.Error("it is open whether b or c came last, and the row counts as settled")
	}
	r.acknowledge(r.begin(1, "d"))
	expect(1, "b", false)
	expect(1, "c", false)
	if address, _, ok := r.settled(1); !ok || address != "d" {
		t.Errorf("settled on %q, %t", address, ok)
	}

	r.withdraw(r.begin(1, "e"))
	expect(1, "e", false)
	expect(1, "d", true)

	f, present := r.beginAlone(1, "f")
	if f == nil || present != "d" {
		t.Errorf("alone with %v, and %q is there", f, present)
	}
	if r.begin(1, "g") != nil {
		t.Error("a write joined one that has the row to itself")
	}
	r.acknowledge(f)
	g := r.begin(1, "g")
	if other, _ := r.beginAlone(1, "h"); g == nil || other != nil {
		t.Errorf("%v is under way, and %v has the row to itself", g, other)
	}
	r.withdraw(g)
	expect(1, "f", true)

	r.add(11, "n")
	expect(11, "n", true)
	if n := r.count(); n != 11 {
		t.Errorf("%d rows", n)
	}
}
