package exchange

import (
	"regexp"
	"strings"
)

// endTime is a time code between # behind the words that it ends.
var endTime = regexp.MustCompile(`(?:^|[^#])(#(` + timeCode + `)(?:-(\d{1,3}))?#)\s*$`)

// cutEndTime gives the end of words without the time code behind them, and that time: words that follow
// begin then. Where nothing stands before a time code, it is left.
func cutEndTime(points []rune, s span) (end int, at *float64) {
	const most = 40
	w := wordsOf(points)
	inner := w.inner(s)
	if inner.start == inner.end || points[inner.end-1] != '#' {
		return s.end, nil
	}
	m := endTime.FindStringSubmatch(string(points[max(inner.start, inner.end-most):inner.end]))
	if m == nil {
		return s.end, nil
	}
	code := m[2]
	if m[3] != "" && !strings.ContainsAny(code, ".,") {
		code += "." + m[3]
	}
	begin := inner.end - len(m[1])
	seconds, ok := seconds(code)
	if !ok || begin <= inner.start {
		return s.end, nil
	}
	return begin, &seconds
}
