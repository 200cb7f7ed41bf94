package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

// The signs that part the whole of a number from the rest.
const (
	decimalComma = ","
	decimalPoint = "."
)

var (
	wholeNumber = regexp.MustCompile(`^[+-]?\d+$`)
	pointNumber = regexp.MustCompile(`^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$`)
	commaNumber = regexp.MustCompile(`^[+-]?\d*,\d+$`)
	// grouped is a number whose thousands are told apart, by what stands between them.
	grouped = map[string]*regexp.Regexp{
		decimalComma: regexp.MustCompile(`^[+-]?[1-9]\d{0,2}(?:[. '\x{a0}\x{202f}]\d{3})+(?:,\d+)?$`),
		decimalPoint: regexp.MustCompile(`^[+-]?[1-9]\d{0,2}(?:[, '\x{a0}\x{202f}]\d{3})+(?:\.\d+)?$`),
	}
)

// numbers gives the numbers that a value may mean, by the sign of its decimals; one that means the same by
// either stands under the empty one. Nil is no number.
func numbers(v, separator string) map[string]float64 {
	v = strings.ReplaceAll(strings.TrimSpace(v), "\u2212", "-")
	if wholeNumber.MatchString(v) {
		return parsed(map[string]string{"": v})
	}
	// A workbook has its numbers apart from its words, and a comma that isn't quoted would part two values.
	if pointNumber.MatchString(v) && (separator == "" || separator == ",") {
		return parsed(map[string]string{"": v})
	}
	may := map[string]string{}
	if pointNumber.MatchString(v) {
		may[decimalPoint] = v
	}
	if commaNumber.MatchString(v) {
		may[decimalComma] = strings.Replace(v, ",", ".", 1)
	}
	for sign, pattern := range grouped {
		if pattern.MatchString(v) {
			plain := strings.Map(func(r rune) rune {
				switch {
				case strings.ContainsRune("+-0123456789", r):
					return r
				case string(r) == sign:
					return '.'
				}
				return -1
			}, v)
			may[sign] = plain
		}
	}
	return parsed(may)
}

func parsed(may map[string]string) map[string]float64 {
	var out map[string]float64
	for sign, v := range may {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			continue // too large
		}
		if out == nil {
			out = map[string]float64{}
		}
		out[sign] = n
	}
	if len(out) == 2 && out[decimalComma] == out[decimalPoint] {
		return map[string]float64{"": out[decimalComma]}
	}
	return out
}

// decimalOf finds the sign of decimals. Where the values don't tell, and it makes a difference, open says so.
func decimalOf(values []string, separator string) (sign string, open bool) {
	fits, asked := map[string]int{}, 0
	for _, v := range values {
		may := numbers(v, separator)
		if _, known := may[""]; known || len(may) == 0 {
			continue
		}
		asked++
		for s := range may {
			fits[s]++
		}
	}
	switch {
	case asked == 0:
		return "", false
	case fits[decimalComma] > fits[decimalPoint]:
		return decimalComma, false
	case fits[decimalPoint] > fits[decimalComma]:
		return decimalPoint, false
	}
	return "", true
}

// numberIn reads a number with decimals behind this sign; ok is false if it is none.
func numberIn(v, sign, separator string) (n float64, ok bool) {
	may := numbers(v, separator)
	if n, ok := may[""]; ok {
		return n, true
	}
	if sign == "" && len(may) == 1 {
		for _, n := range may {
			return n, true
		}
	}
	n, ok = may[sign]
	return n, ok
}
