package mysql

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// MariaDB skips version comments of the releases that only MySQL has.
const (
	mysqlOnlyFrom = 50700
	mysqlOnlyTo   = 99999
)

// versionComment is the length of what opens a version comment, such as /*!80029 or /*M!100400, and
// whether this server runs what is within; 0 for an ordinary comment, which /*M! is to MySQL. A
// text that starts with /*! without a number is always run.
func (d Dialect) versionComment(s string) (head int, runs bool) {
	switch {
	case strings.HasPrefix(s, "/*!"):
		head = 3
	case strings.HasPrefix(s, "/*M!") && d.Kind() == dialects.MariaDB:
		head = 4
	default:
		return 0, false
	}
	digits := 0
	for digits < 6 && head+digits < len(s) && isDigit(s[head+digits]) {
		digits++
	}
	if digits < 5 {
		return head, true
	}
	wanted, _ := strconv.Atoi(s[head : head+digits])
	mine := number(d.server())
	if d.Kind() == dialects.MariaDB && head == 3 && wanted >= mysqlOnlyFrom && wanted <= mysqlOnlyTo {
		return head + digits, false
	}
	return head + digits, wanted <= mine
}
