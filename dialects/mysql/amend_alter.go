package mysql

import "fmt"

// lastNote is the constant that stands for the note made last.
func (a *amender) lastNote() string { return fmt.Sprintf("'%s%d'", noteMark, len(a.notes)-1) }

// alterTable amends what follows ALTER TABLE.
func (a *amender) alterTable(i int) {
	i = a.dropWords(i, "IF", "EXISTS")
	i = a.qualifiedEnd(i)
	switch {
	case a.is(i, "NOWAIT"):
		i = a.dropWord(i, "NOWAIT", waitWord)
	case a.is(i, "WAIT") && a.kind(i+1) == numberToken:
		a.meets(i, waitWord)
		a.remove(i, i+2)
		i += 2
	}
	a.list(i, len(a.tokens), a.subcommand)
}

// subcommand amends one of ALTER TABLE's subcommands.
func (a *amender) subcommand(lo, hi int) {
	switch a.word(lo) {
	case "ADD":
		a.add(lo, hi)
	case "MODIFY":
		i := a.skip(a.skip(lo+1, "COLUMN"), "IF", "EXISTS")
		a.column(i+1, hi)
	case "CHANGE":
		i := a.skip(a.skip(lo+1, "COLUMN"), "IF", "EXISTS")
		a.column(i+2, hi)
	case "ALTER":
		a.alter(lo+1, hi)
	case "DROP":
		a.dropPart(lo, hi)
	case "RENAME":
		switch {
		case a.is(lo+1, "COLUMN"):
			a.meets(lo, renameColumnWord)
			a.dropWords(lo+2, "IF", "EXISTS")
		case a.is(lo+1, "INDEX"), a.is(lo+1, "KEY"):
			a.meets(lo, renameIndexWord)
			a.dropWords(lo+2, "IF", "EXISTS")
		}
	case "CONVERT":
		a.command(lo, hi)
	default:
		a.algorithmWord(lo)
		a.tableOptions(lo, hi)
	}
}

// command keeps a subcommand as a whole.
func (a *amender) command(lo, hi int) {
	a.replaceTokens(lo, hi, "COMMENT="+a.keep(commandNote, lo, hi))
}

func (a *amender) add(lo, hi int) {
	i := lo + 1
	switch {
	case a.is(i, "SYSTEM", "VERSIONING"):
		a.meets(i, systemVersioning)
		a.command(lo, hi)
		return
	case a.is(i, "PERIOD", "FOR"):
		a.meets(i, periodFor)
		a.command(lo, hi)
		return
	case a.isConstraint(i):
		a.constraint(i, hi)
		return
	case a.is(i, "PARTITION"):
		return
	}
	i = a.skip(a.skip(i, "COLUMN"), "IF", "NOT", "EXISTS")
	if a.kind(i) == openToken {
		a.elements(i+1, a.closing(i, hi))
		return
	}
	a.column(i+1, hi)
}

// alter amends ALTER COLUMN and ALTER INDEX.
func (a *amender) alter(i, hi int) {
	if a.is(i, "INDEX") || a.is(i, "KEY") {
		i = a.dropWords(i+1, "IF", "EXISTS")
		a.indexOptions(i+1, hi)
		return
	}
	if a.is(i, "CHECK") || a.is(i, "CONSTRAINT") {
		a.meets(i, alterCheck)
		return
	}
	i = a.skip(i, "COLUMN")
	i = a.dropWords(i, "IF", "EXISTS") + 1
	switch {
	case a.is(i, "SET", "VISIBLE"), a.is(i, "SET", "INVISIBLE"):
		a.meets(i+1, setVisible)
		a.replaceTokens(i+1, hi, "DEFAULT "+a.keep(visibilityNote, i+1, i+2))
	case a.is(i, "SET", "DEFAULT"):
		a.replaceTokens(i+2, hi, a.keep(defaultNote, i+2, hi))
	}
}

func (a *amender) dropPart(lo, hi int) {
	i := lo + 1
	switch {
	case a.is(i, "SYSTEM", "VERSIONING"), a.is(i, "PERIOD", "FOR"):
		a.command(lo, hi)
		return
	case a.is(i, "FOREIGN", "KEY"):
		i += 2
	case a.is(i, "CONSTRAINT"):
		a.meets(i, dropConstraint)
		i++
	case a.is(i, "CHECK"):
		a.meets(i, dropCheck)
		i++
	case a.is(i, "PRIMARY", "KEY"):
		a.dropWords(i+2, "IF", "EXISTS")
		return
	default:
		return
	}
	if next := a.dropWords(i, "IF", "EXISTS"); next > i {
		a.ifExists[a.name(next)] = true
	}
}
