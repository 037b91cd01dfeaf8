package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// charsetName is a character set as the servers print it: utf8 is utf8mb3.
func charsetName(s string) string {
	s = strings.ToLower(s)
	if s == "utf8" {
		return "utf8mb3"
	}
	return s
}

// collationName is a collation as the servers print it.
func collationName(s string) string {
	s = strings.ToLower(s)
	if rest, ok := strings.CutPrefix(s, "utf8_"); ok {
		return "utf8mb3_" + rest
	}
	return s
}

// collationCharset is the character set that a collation is of; empty where its name does not say.
// MariaDB's uca1400_ai_ci and the like go with several.
func collationCharset(collation string) string {
	charset, _, _ := strings.Cut(collation, "_")
	if charset == "uca1400" {
		return ""
	}
	return charset
}

// nationalCollations are the default collations that are not called after general_ci.
var nationalCollations = map[string]string{
	"latin1": "latin1_swedish_ci", "binary": "binary", "big5": "big5_chinese_ci", "cp932": "cp932_japanese_ci",
	"dec8": "dec8_swedish_ci", "eucjpms": "eucjpms_japanese_ci", "euckr": "euckr_korean_ci",
	"gb18030": "gb18030_chinese_ci", "gb2312": "gb2312_chinese_ci", "gbk": "gbk_chinese_ci",
	"hp8": "hp8_english_ci", "sjis": "sjis_japanese_ci", "swe7": "swe7_swedish_ci", "tis620": "tis620_thai_ci",
	"ujis": "ujis_japanese_ci",
}

// charsetCollation is a character set's default collation on a server. MySQL changed utf8mb4's in 8.0,
// MariaDB those of Unicode in 11.5.
func charsetCollation(v dialects.Version, charset string) string {
	if collation, ok := nationalCollations[charset]; ok {
		return collation
	}
	switch {
	case charset == "utf8mb4" && v.Kind == dialects.MySQL:
		return "utf8mb4_0900_ai_ci"
	case v.Kind == dialects.MariaDB && v.AtLeast(11, 5) && (strings.HasPrefix(charset, "utf") || charset == "ucs2"):
		return charset + "_uca1400_ai_ci"
	}
	return charset + "_general_ci"
}

// defaultCollation is what a new database has on a server whose settings say nothing: MariaDB's
// was latin1 before 11.6.
func defaultCollation(v dialects.Version) (charset, collation string) {
	charset = "utf8mb4"
	if v.Kind == dialects.MariaDB && !v.AtLeast(11, 6) {
		charset = "latin1"
	}
	return charset, charsetCollation(v, charset)
}

// charsetWidths are the bytes that a character may take, where it is more than one.
var charsetWidths = map[string]int{
	"utf8mb4": 4, "utf16": 4, "utf16le": 4, "utf32": 4, "gb18030": 4, "utf8mb3": 3, "ujis": 3, "eucjpms": 3,
	"ucs2": 2, "big5": 2, "cp932": 2, "euckr": 2, "gb2312": 2, "gbk": 2, "sjis": 2,
}

// charsetWidth is how many bytes a character of the set may take.
func charsetWidth(charset string) int { return max(1, charsetWidths[charset]) }
