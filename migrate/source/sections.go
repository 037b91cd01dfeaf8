package source

// section is where in a file with an up and a down part a line stands.
type section string

const (
	above    section = "above" // the head of the file: comments, which are kept in the up part
	upward   section = "up"
	downward section = "down"
)

// sections takes a file apart that holds both its parts, line by line.
type sections struct {
	up, down         Part
	upText, downText *sheet
	now              section
}

func newSections(m Migration, t Transaction) sections {
	return sections{
		up: whole(m, t), down: whole(m, t), upText: newSheet(m.SQL), downText: newSheet(m.SQL), now: above,
	}
}

// take makes a line the current section's.
func (s *sections) take(l line) {
	if s.now == downward {
		s.upText.blank(l.start, l.end)
	} else {
		s.downText.blank(l.start, l.end)
	}
}

// leave makes a line no section's.
func (s *sections) leave(l line) {
	s.upText.blank(l.start, l.end)
	s.downText.blank(l.start, l.end)
}

func (s *sections) part() *Part {
	if s.now == downward {
		return &s.down
	}
	return &s.up
}

func (s *sections) sheet() *sheet {
	if s.now == downward {
		return s.downText
	}
	return s.upText
}

// parts are the two parts; without a mark of it there is no down part.
func (s *sections) parts() (up, down Part) {
	s.up.Text, s.down.Text = s.upText.String(), s.downText.String()
	if s.now != downward {
		s.down = Part{}
	}
	return s.up, s.down
}
