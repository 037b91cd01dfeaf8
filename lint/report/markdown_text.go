package report

import "strings"

// fenced is a block of SQL, between fences that are longer than any in it; empty without SQL.
func fenced(sql string) string { return fencedAs("sql", sql) }

// fencedAs is fenced for another language.
func fencedAs(language, text string) string {
	text = Inert(text)
	if text == "" {
		return ""
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence
}

// plain is a text on one line of HTML, which shows as it is.
func plain(text string) string { return unlinked.Replace(entities.Replace(oneLine(text))) }

// escaped is a text on one line of Markdown, which shows as it is.
func escaped(text string) string { return unlinked.Replace(markdownEscapes.Replace(oneLine(text))) }

var (
	// unlinked keeps GitHub and GitLab from making a link to a person or an issue of a text. An empty
	// comment behind the sign does so, and shows nowhere.
	unlinked = strings.NewReplacer("@", "@<!-- -->", "#", "#<!-- -->")
	entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	// markdownEscapes are for what means something within a line of Markdown.
	markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`,
		"~", `\~`, "$", `\$`, "!", `\!`, "&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// code is a text in the letters of code. A code span could not hold any text in a table.
func code(text string) string { return "<code>" + escaped(text) + "</code>" }
