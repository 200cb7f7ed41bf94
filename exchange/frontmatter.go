package exchange

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"feltbog/models"
)

const (
	maxFrontMatter = 8 << 10 // bytes
	maxEntries     = 100
)

// cutFrontMatter takes the front matter off a normalised Markdown source: a YAML mapping between a
// first line "---" and a line "---" or "...". What is no such thing is left as text.
func cutFrontMatter(source string) (Meta, string) {
	rest, found := strings.CutPrefix(source, "---\n")
	if !found {
		return Meta{}, source
	}
	block, body, found := cutFence(rest[:min(len(rest), maxFrontMatter)], rest)
	if !found {
		return Meta{}, source
	}
	entries, ok := readEntries(block)
	if !ok {
		return Meta{}, source
	}
	return metaOf(entries), body
}

// cutFence finds the line that ends front matter within head, the beginning of rest.
func cutFence(head, rest string) (block, body string, found bool) {
	at := 0
	for line := range strings.SplitAfterSeq(head, "\n") {
		switch strings.TrimRight(line, " \t\n") {
		case "---", "...":
			if strings.HasSuffix(line, "\n") || at+len(line) == len(rest) {
				return rest[:at], rest[at+len(line):], true
			}
		}
		at += len(line)
	}
	return "", "", false
}

type entry struct{ key, value string }

// readEntries reads a YAML mapping as strings. Lists of words are joined by commas, deeper things kept
// as they are written; aliases are not followed, so that little text can't become much.
func readEntries(block string) (entries []entry, ok bool) {
	file, err := parser.ParseBytes([]byte(block), 0)
	if err != nil || len(file.Docs) != 1 {
		return nil, false
	}
	var values []*ast.MappingValueNode
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		values = body.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{body}
	}
	if len(values) > maxEntries {
		return nil, false
	}
	for _, v := range values {
		key, isScalar := scalar(v.Key)
		if !isScalar || key == "" {
			return nil, false
		}
		entries = append(entries, entry{key, valueOf(v.Value)})
	}
	return entries, len(entries) > 0
}

func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.NullNode:
		return "", true
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	default:
		return "", false
	}
}

func valueOf(n ast.Node) string {
	if s, ok := scalar(n); ok {
		return s
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		words := make([]string, 0, len(list.Values))
		for _, v := range list.Values {
			if s, ok := scalar(v); ok {
				words = append(words, s)
			}
		}
		if len(words) == len(list.Values) {
			return strings.Join(words, ", ")
		}
	}
	return n.String()
}

var languageTag = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`)

// metaOf sorts entries into the fields that notes have, by their English and Danish names. A value that
// isn't valid there is kept with the others.
func metaOf(entries []entry) Meta {
	var m Meta
	for _, e := range entries {
		value, err := Normalise(e.value)
		if err != nil {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.ReplaceAll(e.key, "_", "")) {
		case "title", "titel":
			title := strings.Join(strings.FieldsFunc(value, unicode.IsSpace), " ")
			if m.Title == "" && title != "" && utf8.RuneCountInString(title) <= models.MaxName {
				m.Title = title
				continue
			}
		case "date", "dato", "observedon":
			day, _, _ := strings.Cut(strings.Replace(value, "T", " ", 1), " ")
			if _, err := time.Parse(time.DateOnly, day); err == nil && m.ObservedOn == "" {
				m.ObservedOn = models.Date(day)
				continue
			}
		case "language", "lang", "sprog":
			if m.Language == "" && languageTag.MatchString(value) {
				m.Language = value
				continue
			}
		}
		if m.Other == nil {
			m.Other = map[string]string{}
		}
		m.Other[strings.Map(kept, e.key)] = value
	}
	return m
}
