package exchange

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// oneLine gives a name or title as it is kept: one line of at most that many characters, empty when it is
// no text.
func oneLine(s string, limit int) string {
	if len(s) > 100*limit {
		return ""
	}
	s, err := Normalise(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if err != nil {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > limit {
		s = strings.TrimRightFunc(string([]rune(s)[:limit]), unicode.IsSpace)
	}
	return s
}

// times are the forms in which files write times by ISO 8601.
var times = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04",
	"20060102T1504", time.DateOnly, "2006-01", "2006",
}

// timeOf reads a time as documents have it, the zero time when it is none. Where no zone is named, it is
// taken for UTC.
func timeOf(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range times {
		if t, err := time.Parse(layout, s); err == nil {
			return likely(t)
		}
	}
	return time.Time{}
}

// likely gives a time in UTC, the zero time when no computer wrote it.
func likely(t time.Time) time.Time {
	if t.Year() < 1900 || t.Year() >= 3000 {
		return time.Time{}
	}
	return t.UTC()
}

// languageOf gives a language tag when it is one.
func languageOf(s string) string {
	if s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-"); len(s) < 36 && languageTag.MatchString(s) {
		return s
	}
	return ""
}
