package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// columns gives the column that a heading names, in English or Danish, without regard to case, spaces
// and dashes.
var columns = map[string]string{
	"key": "key", "nøgle": "key",
	"name": "name", "navn": "name", "code": "name", "kode": "name",
	"parent": "parent", "parentcode": "parent", "overkode": "parent",
	"colour": "colour", "color": "colour", "farve": "colour",
	"letter": "letter", "bogstav": "letter",
	"shortcut": "shortcut", "genvej": "shortcut",
	"definition": "definition",
	"whentouse":  "whenToUse", "hvornår": "whenToUse",
	"whennot": "whenNot", "whennottouse": "whenNot", "hvornårikke": "whenNot",
	"example": "examples", "examples": "examples", "eksempel": "examples", "eksempler": "examples",
}

// row is one code of the table, not yet placed.
type row struct {
	CodeEntry
	line    int
	parent  string // as the table names it
	whenNot string
}

// table is a codebook on its way out of a CSV file. It gathers what is wrong, line by line.
type table struct {
	rows   []row
	faults []models.Field
	keys   map[string]int   // the row of each key in the table
	names  map[string][]int // the rows of each name, folded
}

// ReadCodebookCSV reads a codebook from a table of comma-, semicolon- or tab-separated values in any
// encoding that [Decode] knows. The first line names the columns, of which name must be there: key,
// name, parent, colour, letter, shortcut, definition, when to use, when not, examples; Danish names do
// as well, and other columns are passed over. A parent is named by key, by name or by the path to it
// ("Data > Registers"). Each line of a cell of examples is an example; each line of "when not" tells
// the code from another, which it may name first ("Data as future: …").
//
// Entries come with each parent before its children and otherwise in the table's order. A key that is
// missing is made of the name; what else the table doesn't say is left zero. Besides the errors of
// Decode and [Normalise] it returns an Invalid one that names every faulty line (codebook_invalid), or
// says that there are more than models.MaxCodes codes (codes_too_many).
func ReadCodebookCSV(data []byte) ([]CodeEntry, error) {
	text, _, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if text, err = Normalise(text); err != nil {
		return nil, err
	}
	var t table
	if err := t.read(text); err != nil {
		return nil, err
	}
	t.makeKeys()
	entries := t.place()
	if len(t.faults) > 0 {
		return nil, t.invalid()
	}
	return entries, nil
}

func (t *table) fault(line int, format string, args ...any) {
	if len(t.faults) < 100 {
		t.faults = append(t.faults, models.Field{
			Pointer: "/lines/" + strconv.Itoa(line), Problem: fmt.Sprintf("Line %d: ", line) + fmt.Sprintf(format, args...),
		})
	}
}

func (t *table) invalid() error {
	slices.SortStableFunc(t.faults, func(a, b models.Field) int {
		return lineOf(a) - lineOf(b)
	})
	sentence := t.faults[0].Problem
	if n := len(t.faults) - 1; n > 0 {
		sentence += fmt.Sprintf(" There is more to mend (%d).", n)
	}
	return models.Invalid("codebook_invalid", sentence, t.faults...)
}

func lineOf(f models.Field) int {
	n, err := strconv.Atoi(strings.TrimPrefix(f.Pointer, "/lines/"))
	if err != nil {
		return 0
	}
	return n
}

// read reads the lines into rows.
func (t *table) read(text string) error {
	comma, text, skipped := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	heading, err := r.Read()
	if err != nil {
		t.unreadable(err, skipped)
		return t.invalid()
	}
	names := make([]string, len(heading))
	for i, cell := range heading {
		names[i] = columns[foldHeading(cell)]
		if names[i] != "" && slices.Contains(names[:i], names[i]) {
			t.fault(1+skipped, "two columns are called %s.", strings.TrimSpace(cell))
		}
	}
	if !slices.Contains(names, "name") {
		t.fault(1+skipped, "there is no column called name. The first line must name the columns.")
	}
	if len(t.faults) > 0 {
		return t.invalid()
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.unreadable(err, skipped)
			return t.invalid()
		}
		if blank(strings.Join(cells, "")) {
			continue
		}
		if len(t.rows) == models.MaxCodes {
			return models.Invalid("codes_too_many", fmt.Sprintf(
				"A codebook may have %d codes, and this one has more.", models.MaxCodes))
		}
		line, _ := r.FieldPos(0)
		t.readCells(line+skipped, names, cells)
	}
	if len(t.rows) == 0 {
		t.fault(1+skipped, "there is no code under the names of the columns.")
		return t.invalid()
	}
	return nil
}

func (t *table) unreadable(err error, skipped int) {
	line := 1
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.Line
	}
	t.fault(line+skipped, "a quotation mark is missing or stands where none may.")
}

// separator finds what separates the cells: the one by which the first line names most columns. A line
// "sep=;" as spreadsheets write it is taken at its word and skipped.
func separator(text string) (comma rune, rest string, skipped int) {
	first, rest, _ := strings.Cut(text, "\n")
	switch first {
	case "sep=,", "sep=;", "sep=\t":
		return rune(first[len(first)-1]), rest, 1
	}
	best := -1
	for _, c := range ",;\t" {
		known := 0
		for cell := range strings.SplitSeq(first, string(c)) {
			if columns[foldHeading(cell)] != "" {
				known++
			}
		}
		if known > best {
			best, comma = known, c
		}
	}
	return comma, text, 0
}

func foldHeading(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '"' || r == '?' {
			return -1
		}
		return r
	}, s))
}

var keyPattern = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// readCells reads one line and notes what is wrong with each cell.
func (t *table) readCells(line int, names, cells []string) {
	r := row{line: line}
	r.WhenNot, r.Examples = []models.Contrast{}, []string{}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i >= len(names) {
			if cell != "" {
				t.fault(line, "there are more cells than columns.")
			}
			break
		}
		length := utf8.RuneCountInString(cell)
		switch names[i] {
		case "key":
			r.Key = cell
			if cell != "" && (!keyPattern.MatchString(cell) || length > models.MaxName) {
				t.fault(line, "a key is written in lower-case letters and digits with underscores between words.")
			}
		case "name":
			r.Name = strings.Join(strings.Fields(cell), " ")
			if r.Name == "" || length > models.MaxName {
				t.fault(line, "a name has 1 to %d characters.", models.MaxName)
			}
		case "parent":
			r.parent = cell
		case "colour":
			if cell == "" {
				break
			}
			n, err := strconv.Atoi(cell)
			if err != nil || n < 1 || n > models.PaletteSlots {
				t.fault(line, "a colour is a number from 1 to %d.", models.PaletteSlots)
			}
			r.Colour = n
		case "letter":
			if r.Letter = cell; length > 1 {
				t.fault(line, "a letter is one character.")
			}
		case "shortcut":
			if r.Shortcut = cell; length > 1 {
				t.fault(line, "a shortcut is one character.")
			}
		default:
			if length > models.MaxProse {
				t.fault(line, "a cell has at most %d characters.", models.MaxProse)
			}
			r.readProse(names[i], cell)
		}
	}
	if r.Name == "" && len(cells) <= slices.Index(names, "name") {
		t.fault(line, "a name has 1 to %d characters.", models.MaxName)
	}
	t.rows = append(t.rows, r)
}

func (r *row) readProse(column, cell string) {
	switch column {
	case "definition":
		r.Definition = cell
	case "whenToUse":
		r.WhenToUse = cell
	case "whenNot":
		r.whenNot = cell
	case "examples":
		for line := range strings.SplitSeq(cell, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				r.Examples = append(r.Examples, line)
			}
		}
	}
}

// makeKeys checks that keys differ and makes those that are missing.
func (t *table) makeKeys() {
	t.keys, t.names = map[string]int{}, map[string][]int{}
	for i, r := range t.rows {
		name := foldName(r.Name)
		t.names[name] = append(t.names[name], i)
		if r.Key == "" {
			continue
		}
		if other, taken := t.keys[r.Key]; taken {
			t.fault(r.line, "the key %s stands on line %d too.", shorten(r.Key), t.rows[other].line)
			continue
		}
		t.keys[r.Key] = i
	}
	made, next := map[string]bool{}, map[string]int{} // next is the number to try after a name seen before
	for i := range t.rows {
		r := &t.rows[i]
		if r.Key != "" {
			continue
		}
		base := KeyFromName(r.Name)
		r.Key = base
		for n := max(2, next[base]); t.hasKey(r.Key) || made[r.Key]; n++ {
			r.Key = base + "_" + strconv.Itoa(n)
			next[base] = n + 1
		}
		made[r.Key] = true
	}
}

func (t *table) hasKey(key string) bool {
	_, taken := t.keys[key]
	return taken
}

func foldName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// place finds each code's parent and gives the codes in the order of the tree.
func (t *table) place() []CodeEntry {
	parents := make([]int, len(t.rows)) // -1 for a code at the top
	for i := range t.rows {
		parents[i] = t.parentOf(i)
		if p := parents[i]; p >= 0 {
			t.rows[i].ParentKey = t.rows[p].Key
		}
		t.rows[i].WhenNot = t.contrasts(t.rows[i].whenNot)
	}
	children := make([][]int, len(t.rows)+1) // those of the top at the end
	for i, p := range parents {
		if p < 0 {
			p = len(t.rows)
		}
		children[p] = append(children[p], i)
	}
	entries := make([]CodeEntry, 0, len(t.rows))
	placed := make([]bool, len(t.rows))
	var descend func(int)
	descend = func(parent int) {
		for n, i := range children[parent] {
			t.rows[i].Position = float64(n + 1)
			placed[i] = true
			entries = append(entries, t.rows[i].CodeEntry)
			descend(i)
		}
	}
	descend(len(t.rows))
	for i, done := range placed {
		if !done && !slices.ContainsFunc(t.faults, func(f models.Field) bool { return lineOf(f) == t.rows[i].line }) {
			t.fault(t.rows[i].line, "this code stands under itself.")
		}
	}
	return entries
}

// parentOf gives the row that a row is under, -1 for the top.
func (t *table) parentOf(i int) int {
	parent := t.rows[i].parent
	if parent == "" {
		return -1
	}
	found := t.find(parent)
	switch len(found) {
	case 0:
		t.fault(t.rows[i].line, "there is no code %q to put this one under.", shorten(parent))
		return -1
	case 1:
		return found[0]
	default:
		t.fault(t.rows[i].line, "more than one code is called %q. Name the parent by its key or its path.", shorten(parent))
		return -1
	}
}

const maxSteps = 50 // of a path to a code

// find gives the rows that a key, a name or a path may mean.
func (t *table) find(s string) []int {
	if i, ok := t.keys[s]; ok {
		return []int{i}
	}
	if found := t.names[foldName(s)]; len(found) > 0 {
		return found
	}
	steps := strings.Split(s, ">")
	if len(steps) > maxSteps {
		return nil
	}
	above := map[int]bool{}
	var found []int
	for n, step := range steps {
		found = nil
		for _, i := range t.names[foldName(step)] {
			if n == 0 || t.isUnder(i, above, foldName(steps[n-1])) {
				found = append(found, i)
			}
		}
		clear(above)
		for _, i := range found {
			above[i] = true
		}
	}
	return found
}

// isUnder tells whether a row names one of others, which share a name, as its parent.
func (t *table) isUnder(i int, others map[int]bool, name string) bool {
	parent := t.rows[i].parent
	if p, ok := t.keys[parent]; ok && others[p] {
		return true
	}
	return len(others) > 0 && foldName(parent[strings.LastIndexByte(parent, '>')+1:]) == name
}

// contrasts reads a cell of "when not".
func (t *table) contrasts(cell string) []models.Contrast {
	contrasts := []models.Contrast{}
	for line := range strings.SplitSeq(cell, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		c := models.Contrast{Text: line}
		if before, after, found := strings.Cut(line, ":"); found {
			if against := t.find(strings.TrimSpace(before)); len(against) == 1 {
				c = models.Contrast{Against: t.rows[against[0]].Key, Text: strings.TrimSpace(after)}
			}
		}
		contrasts = append(contrasts, c)
	}
	return contrasts
}

// shorten cuts a cell for a sentence.
func shorten(s string) string {
	if points := []rune(s); len(points) > 60 {
		return string(points[:60]) + "…"
	}
	return s
}

// KeyFromName makes a code's key of its name: lower-case ASCII letters and digits, words joined by
// underscores, at most 60 characters. æ, ø and å are written ae, oe and aa, other letters lose their
// accents, and letters of other scripts are left out. A name without a usable character gives "code".
func KeyFromName(name string) string {
	name = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "ö", "oe", "ä", "ae", "ü", "ue", "ß", "ss").
		Replace(strings.ToLower(norm.NFC.String(name)))
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		default:
			gap = true
		}
	}
	key := b.String()
	if len(key) > 60 {
		key = strings.TrimRight(key[:60], "_")
	}
	if key == "" {
		return "code"
	}
	return key
}
