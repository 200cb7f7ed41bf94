package exchange

import (
	"slices"
	"strings"

	"feltbog/models"
)

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
	made := map[string]bool{}
	for i := range t.rows {
		r := &t.rows[i]
		if r.Key == "" {
			r.Key = models.KeyFrom(r.Name, func(key string) bool { return t.hasKey(key) || made[key] })
			made[r.Key] = true
		}
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
