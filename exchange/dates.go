package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"feltbog/models"
)

// months gives the number of each month by its English and Danish names, and by their short forms.
var months = map[string]int{
	"january": 1, "januar": 1, "jan": 1,
	"february": 2, "februar": 2, "feb": 2, "febr": 2,
	"march": 3, "marts": 3, "mar": 3,
	"april": 4, "apr": 4,
	"may": 5, "maj": 5,
	"june": 6, "juni": 6, "jun": 6,
	"july": 7, "juli": 7, "jul": 7,
	"august": 8, "aug": 8,
	"september": 9, "sept": 9, "sep": 9,
	"october": 10, "oktober": 10, "oct": 10, "okt": 10,
	"november": 11, "nov": 11,
	"december": 12, "dec": 12,
}

// besides are words that may stand in a date and tell nothing more.
var besides = map[string]bool{
	"d": true, "den": true, "the": true, "of": true, "on": true, "kl": true,
	"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
	"mandag": true, "tirsdag": true, "onsdag": true, "torsdag": true, "fredag": true, "lørdag": true, "søndag": true,
	"mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true,
	"man": true, "tir": true, "ons": true, "tor": true, "tors": true, "fre": true, "lør": true, "søn": true,
}

var (
	numericDate = regexp.MustCompile(`^(\d{1,4})([-./])(\d{1,2})([-./])(\d{1,4})\.?(?:$|[T ,]+(?:kl\.? ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$)`)
	spelledDay  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?$`)
	timeAtEnd   = regexp.MustCompile(`(?i)(?:,|\bkl\.?)? *\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?$`)
)

// orders lists the orders of day, month and year.
var orders = []string{models.OrderDMY, models.OrderMDY, models.OrderYMD}

// dates gives the days that a value may mean, by the order in which its numbers stand; one that means the
// same in any order stands under the empty one. Nil is no date.
func dates(v string) map[string]models.Date {
	v = strings.TrimSpace(v)
	if m := numericDate.FindStringSubmatch(v); len(m) > 0 && m[2] == m[4] {
		return numericDates(m[1], m[3], m[5], m[2])
	}
	if day := spelledDate(v); day != "" {
		return map[string]models.Date{"": day}
	}
	return nil
}

// numericDates reads the three numbers of a date. With full stops between them they stand as they do in
// Danish, the day first.
func numericDates(a, b, c, between string) map[string]models.Date {
	switch {
	case len(a) == 4 && len(c) <= 2:
		if day := dayOf(a, b, c); day != "" {
			return map[string]models.Date{"": day}
		}
		return nil
	case len(a) > 2 || len(c) == 3:
		return nil
	case between == ".":
		if day := dayOf(c, b, a); day != "" {
			return map[string]models.Date{"": day}
		}
		return nil
	}
	out := map[string]models.Date{}
	for _, order := range orders {
		day := models.Date("")
		switch order {
		case models.OrderDMY:
			day = dayOf(c, b, a)
		case models.OrderMDY:
			day = dayOf(c, a, b)
		case models.OrderYMD:
			if len(a) == 2 && len(c) == 2 {
				day = dayOf(a, b, c)
			}
		}
		if day != "" {
			out[order] = day
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// dayOf makes a date of its numbers; empty if there is no such day. A year of two digits lies between 1970
// and 2069.
func dayOf(year, month, day string) models.Date {
	y, err := strconv.Atoi(year)
	if err != nil || len(year) == 3 || len(year) == 1 {
		return ""
	}
	if len(year) == 2 {
		if y += 2000; y > 2069 {
			y -= 100
		}
	}
	m, err := strconv.Atoi(month)
	if err != nil {
		return ""
	}
	d, err := strconv.Atoi(day)
	if err != nil {
		return ""
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if at.Year() != y || int(at.Month()) != m || at.Day() != d || y < 1000 {
		return ""
	}
	return models.Date(at.Format(time.DateOnly))
}

// spelledDate reads a date with the month in letters, in English or Danish.
func spelledDate(v string) models.Date {
	v = timeAtEnd.ReplaceAllString(v, "")
	words := strings.FieldsFunc(strings.ToLower(v), func(r rune) bool { return strings.ContainsRune(" ,.-/\u00a0", r) })
	words = slices.DeleteFunc(words, func(w string) bool { return besides[w] })
	if len(words) != 3 {
		return ""
	}
	day, month, year := words[0], words[1], words[2]
	if months[day] != 0 {
		day, month = month, day // April 3, 2024
	}
	m, d := months[month], spelledDay.FindStringSubmatch(day)
	if m == 0 || d == nil || (len(year) != 2 && len(year) != 4) {
		return ""
	}
	return dayOf(year, strconv.Itoa(m), d[1])
}

// orderOf finds the order in which the numbers of dates stand. Where the values don't tell, and it makes a
// difference, order is empty and open are those that are possible.
func orderOf(values []string) (order string, open []string) {
	fits, asked := map[string]int{}, 0
	for _, v := range values {
		may := dates(v)
		if len(may) == 0 || may[""] != "" {
			continue
		}
		asked++
		for o := range may {
			fits[o]++
		}
	}
	if asked == 0 {
		return "", nil
	}
	best := 0
	for _, o := range orders {
		best = max(best, fits[o])
	}
	for _, o := range orders {
		if fits[o] == best {
			open = append(open, o)
		}
	}
	if len(open) == 1 || sameDays(values, open) {
		return open[0], nil
	}
	return "", open
}

// sameDays says whether all values mean the same in each of the orders.
func sameDays(values, orders []string) bool {
	for _, v := range values {
		may := dates(v)
		if may[""] != "" {
			continue
		}
		for _, o := range orders[1:] {
			if may[o] != may[orders[0]] {
				return false
			}
		}
	}
	return true
}

// dateIn reads a date in an order; empty if it is none.
func dateIn(v, order string) models.Date {
	may := dates(v)
	if day := may[""]; day != "" {
		return day
	}
	if order != "" {
		return may[order]
	}
	var only models.Date
	for _, day := range may {
		if only != "" && only != day {
			return ""
		}
		only = day
	}
	return only
}

var timeOfDay = regexp.MustCompile(`(?i)^(?:kl\.? *)?(\d{1,2})(?:[:.](\d{2}))?(?:[:.]\d{2})? *(am|pm|a\.m\.|p\.m\.)?$`)

// clockOf reads a time of day; empty if it is none.
func clockOf(v string) models.Clock {
	m := timeOfDay.FindStringSubmatch(strings.TrimSpace(v))
	if m == nil {
		return ""
	}
	hour, err := strconv.Atoi(m[1])
	if err != nil {
		return ""
	}
	minute := 0
	if m[2] != "" {
		if minute, err = strconv.Atoi(m[2]); err != nil {
			return ""
		}
	}
	if half := strings.ToLower(m[3]); half != "" {
		if hour < 1 || hour > 12 {
			return ""
		}
		hour %= 12
		if half[0] == 'p' {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 {
		return ""
	}
	return models.Clock(fmt.Sprintf("%02d:%02d", hour, minute))
}
