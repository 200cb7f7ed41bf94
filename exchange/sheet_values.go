package exchange

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// valueKind is what a cell holds.
type valueKind uint8

const (
	valueNumber valueKind = iota
	valueDay
	valueClock
	valueMoment // a day and a time
)

// readStyles finds out what cells of each style hold.
func (w *workbook) readStyles(part string) error {
	x, err := w.xml(part, sheetSpaces)
	if err != nil {
		return err
	}
	custom := map[int]string{}
	inCells := false
	for x.next() {
		switch {
		case x.kind == xmlEnd && x.name == "x:cellXfs":
			inCells = false
		case x.kind != xmlStart:
		case x.name == "x:numFmt":
			custom[x.number("numFmtId", -1)] = x.attr("formatCode")
		case x.name == "x:cellXfs":
			inCells = true
		case x.name == "x:xf" && inCells:
			id := x.number("numFmtId", 0)
			code, ok := custom[id]
			w.styles = append(w.styles, numberKind(id, code, ok))
		}
	}
	return x.err
}

// value writes a number as its cell shows it, but for dates and the sign of decimals.
func (w *workbook) value(kind valueKind, raw string) string {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return cleanCell(raw)
	}
	const days = 2_958_466 // until the year 10000
	if kind != valueNumber && n >= 0 && n < days {
		return written(kind, n, w.from1904)
	}
	// Fifteen digits are what Excel itself shows: 0.1+0.2 is 0.3.
	if short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
		n = short
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// written writes a number of days as a date. The first of them is the first day of 1900, or the one after
// the first of 1904; Excel counts a 29 February 1900 that there wasn't. Less than a day is a time of no day.
func written(kind valueKind, n float64, from1904 bool) string {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		first = first.AddDate(0, 0, 1)
	}
	whole := math.Floor(n)
	at := first.AddDate(0, 0, int(whole)).Add(time.Duration((n - whole) * float64(24*time.Hour))).Round(time.Second)
	switch {
	case kind == valueClock, n < 1 && kind == valueMoment:
		return at.Format("15:04")
	case kind == valueMoment && n != whole:
		return at.Format("2006-01-02 15:04")
	}
	return at.Format(time.DateOnly)
}

// numberKind tells what a format shows: the built-in ones by their numbers (ECMA-376, part 1, 18.8.30),
// others by their letters.
func numberKind(builtIn int, custom string, isCustom bool) valueKind {
	if !isCustom {
		switch {
		case builtIn >= 14 && builtIn <= 17, builtIn >= 27 && builtIn <= 31, builtIn == 36, builtIn >= 50 && builtIn <= 58:
			return valueDay
		case builtIn >= 18 && builtIn <= 21, builtIn >= 32 && builtIn <= 35, builtIn >= 45 && builtIn <= 47:
			return valueClock
		case builtIn == 22:
			return valueMoment
		}
		return valueNumber
	}
	letters := formatLetters(custom)
	day := strings.ContainsAny(letters, "yd") || (strings.Contains(letters, "mmm") && !strings.ContainsAny(letters, "hs"))
	clock := strings.ContainsAny(letters, "hs")
	switch {
	case day && clock:
		return valueMoment
	case day:
		return valueDay
	case clock:
		return valueClock
	}
	return valueNumber
}

// formatLetters gives the letters of a number format's first section, without what it quotes, and without
// what stands in brackets but for elapsed time.
func formatLetters(format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case ';':
			return b.String()
		case '\\', '_', '*':
			i++
		case '"':
			if end := strings.IndexByte(format[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			end := strings.IndexByte(format[i:], ']')
			if end < 0 {
				return b.String()
			}
			if inner := strings.ToLower(format[i+1 : i+end]); strings.Trim(inner, "hms") == "" {
				b.WriteString(inner)
			}
			i += end
		default:
			b.WriteByte(c | 0x20)
		}
	}
	return b.String()
}
