package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// timeCode is a place in a recording as people and programs write it: 0:04, 00:01:02 or 0:0:1.510.
const timeCode = `(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,7})?`

var wholeTimeCode = regexp.MustCompile(`^` + timeCode + `$`)

// seconds reads a time code, with a point or a comma before its fraction, to the millisecond.
func seconds(code string) (float64, bool) {
	if !wholeTimeCode.MatchString(code) {
		return 0, false
	}
	total := 0.0
	for part := range strings.SplitSeq(strings.Replace(code, ",", ".", 1), ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		total = total*60 + n
	}
	return math.Round(total*1000) / 1000, true
}
