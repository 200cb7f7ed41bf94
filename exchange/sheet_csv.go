package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"feltbog/models"
)

// separators are what may stand between the values of a line.
const separators = ",;\t|"

// readSeparated reads lines of values.
func readSeparated(data []byte, o Options) (Sheet, []Row, error) {
	text, encoding, err := DecodeAs(data, o.Encoding)
	if err != nil {
		return Sheet{}, nil, err
	}
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	s := Sheet{Others: []string{}, Encoding: encoding}
	comma, rest, skipped := separatorOf(text)
	s.Separator = string(comma)
	lines, err := splitLines(rest, comma, skipped, false)
	if errors.Is(err, csv.ErrBareQuote) {
		// A quotation mark within a value that isn't quoted stands for itself, as spreadsheets read it.
		lines, err = splitLines(rest, comma, skipped, true)
	}
	if fault, ok := errors.AsType[*csv.ParseError](err); ok {
		return Sheet{}, nil, models.Invalid("table_quotes", fmt.Sprintf("A quotation mark is missing, or stands where none may, in or after row %d. Mend it, or save the table again where it was made.", fault.StartLine+skipped))
	}
	return s, lines, err
}

// splitLines reads the values of all lines. It stops where there are more than may be.
func splitLines(text string, comma rune, skipped int, lazy bool) ([]Row, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, lazy
	var lines []Row
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the caller tells what it means
		}
		if len(lines) > models.MaxTableRows+100 {
			return lines, nil // take refuses them
		}
		line, _ := r.FieldPos(0)
		lines = append(lines, Row{Number: line + skipped, Values: values, cells: len(values)})
	}
}

// looked is how much of a table is looked at to find what separates its values.
const looked = 64 << 10

// separatorOf finds what separates the values: that by which the lines have most often the same number of
// them, more than one, the first line among them. A line "sep=;" as spreadsheets write it is taken at its
// word and skipped.
func separatorOf(text string) (comma rune, rest string, skipped int) {
	first, rest, _ := strings.Cut(text, "\n")
	if word, ok := strings.CutPrefix(first, "sep="); ok && len(word) == 1 && strings.Contains(separators, word) {
		return rune(word[0]), rest, 1
	}
	head := text
	if len(head) > looked {
		head = head[:looked]
		if end := strings.LastIndexByte(head, '\n'); end > 0 {
			head = head[:end]
		}
	}
	comma = ','
	best := 0.0
	for _, c := range separators {
		if score := evenness(head, c); score > best {
			best, comma = score, c
		}
	}
	return comma, text, 0
}

// evenness says how well a character separates values: 0 where it doesn't at all.
func evenness(text string, comma rune) float64 {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	counts, lines, usual := map[int]int{}, 0, 0
	for {
		values, err := r.Read()
		if err != nil {
			break
		}
		lines++
		counts[len(values)]++
		if counts[len(values)] > counts[usual] || (counts[len(values)] == counts[usual] && len(values) > usual) {
			usual = len(values)
		}
	}
	if usual < 2 {
		// Few lines may have it: then it is better than nothing.
		return float64(lines-counts[1]) / float64(10*max(lines, 1))
	}
	return float64(counts[usual])/float64(lines) + float64(min(usual, 100))/1000
}
