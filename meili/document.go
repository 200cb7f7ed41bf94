package meili

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/models"
)

// format is the version of documents and settings: raise it with either, and every index is built anew.
const format = 5

// document is a passage, a memo, a comment or a code as the engine keeps it. Only Fold is searched.
type document struct {
	ID        string           `json:"id"`
	Home      models.ID        `json:"home"` // the note, or the memo or code that is on no note
	Type      coding.HitType   `json:"type"`
	NoteID    models.ID        `json:"noteId,omitempty"`
	MemoID    models.ID        `json:"memoId,omitempty"`
	CommentID models.ID        `json:"commentId,omitempty"`
	CodeID    models.ID        `json:"codeId,omitempty"`
	Version   int              `json:"version"` // of the note's text, the memo, the comment or the code
	Start     int              `json:"start"`
	End       int              `json:"end"`
	Block     int              `json:"block,omitempty"`
	BlockKind models.BlockKind `json:"blockKind,omitempty"`
	Speaker   string           `json:"speaker,omitempty"`
	Layer     models.Layer     `json:"layer,omitempty"` // of a memo or a comment
	Text      string           `json:"text"`
	Fold      string           `json:"fold"`
	labels
}

// labels are the fields of a document that change while its words don't. All are always sent, since an
// update leaves alone what isn't.
type labels struct {
	SiteID         *models.ID          `json:"siteId"`
	Kind           *models.NoteKind    `json:"kind"`
	Day            *int                `json:"day"` // of the observation, as 20240131
	ParticipantIDs []models.ID         `json:"participantIds"`
	Phase          *string             `json:"phase"`
	Language       *string             `json:"language"`
	Attributes     map[models.ID]any   `json:"attributes"` // long texts are left out
	Codings        map[string][]string `json:"codings"`    // by layer, as codingValues makes them
	// Stamp stands for the whole document: equal stamps, equal documents.
	Stamp string `json:"stamp"`
}

// The settings of every index. Dates come first among the ranking rules, but count only where a search
// asks for their order; among hits that match equally well, the newest comes first.
func settings() *meilisearch.Settings {
	return &meilisearch.Settings{
		SearchableAttributes: []string{"fold"},
		DisplayedAttributes:  []string{"*"},
		FilterableAttributes: []string{"home", "type", "siteId", "kind", "participantIds", "phase", "language", "day", "layer", codings, attributes},
		SortableAttributes:   []string{"day"},
		RankingRules:         []string{"sort", "words", "typo", "proximity", "attribute", "exactness", "day:desc"},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled: true, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords: []string{}, DisableOnAttributes: []string{}, DisableOnNumbers: true,
		},
		Pagination: &meilisearch.Pagination{MaxTotalHits: 10_000_000},
		Faceting:   &meilisearch.Faceting{MaxValuesPerFacet: maxFacetValues},
	}
}

// maxFacetValues bounds what one facet tells. Values are told in alphabetical order, which puts a layer's
// codes and coders before the pairs of the two.
const maxFacetValues = 20_000

// codings is the field that holds what is coded, each layer in a field of its own.
const codings = "codings"

// codingsIn is the field that holds the codings of a layer.
func codingsIn(layer models.Layer) string { return codings + "." + string(layer) }

// attributes is the field that holds the values of the note's attributes.
const attributes = "attributes"

// A coding stands in its layer's field as three values, so that one field answers which codes and which
// coders there are, and a filter for a coder's code doesn't meet another coder's.
const (
	codeMark  = "a:"
	coderMark = "b:"
	pairMark  = "c:"
)

func codeValue(code models.ID) string        { return codeMark + string(code) }
func coderValue(coder models.ID) string      { return coderMark + string(coder) }
func pairValue(coder, code models.ID) string { return pairMark + string(coder) + ":" + string(code) }

// codingValues gives the values of codings by their layer. The open layer is always among them.
func codingValues(codings []*models.Coding) map[string][]string {
	layers := map[string][]string{string(models.LayerOpen): {}}
	for _, c := range codings {
		layer := string(c.Layer)
		layers[layer] = append(layers[layer], codeValue(c.CodeID), coderValue(c.CoderID), pairValue(c.CoderID, c.CodeID))
	}
	for layer, values := range layers {
		slices.Sort(values)
		layers[layer] = slices.Compact(values)
	}
	return layers
}

// codingsOn gives the codings that touch each of the passages.
func codingsOn(passages []coding.Passage, codings []*models.Coding) [][]*models.Coding {
	on := make([][]*models.Coding, len(passages))
	for _, c := range codings {
		i, _ := slices.BinarySearchFunc(passages, c.Anchor.Start, func(p coding.Passage, start int) int { return p.End - start - 1 })
		for ; i < len(passages) && passages[i].Start < c.Anchor.End; i++ {
			on[i] = append(on[i], c)
		}
	}
	return on
}

// codesIn gives the codes among the values of a layer.
func codesIn(values []string) []models.ID {
	codes := []models.ID{}
	for _, v := range values {
		if code, ok := strings.CutPrefix(v, codeMark); ok {
			codes = append(codes, models.ID(code))
		}
	}
	return codes
}

// entry is a document that should be in an index: what tells whether it is, and what makes it whole.
type entry struct {
	id     string
	words  string // stands for everything but the labels
	labels labels
	// whole makes the document; it may have to read the note's text.
	whole func() (*document, error)
}

// newEntry fills in the stamp.
func newEntry(id, words string, l labels, whole func() (*document, error)) *entry {
	b, err := json.Marshal(l)
	if err != nil {
		panic(fmt.Sprintf("labels of %s: %v", id, err)) // strings and numbers always marshal
	}
	h := fnv.New64a()
	_, _ = h.Write(b) // a hash takes everything
	l.Stamp = words + "." + strconv.FormatUint(h.Sum64(), 36)
	e := &entry{id: id, words: words, labels: l}
	e.whole = func() (*document, error) {
		d, err := whole()
		if err != nil {
			return nil, err
		}
		d.ID, d.labels, d.Fold = id, l, fold(d.Type, d.Text)
		return d, nil
	}
	return e
}

// fold gives the words of a document as they are searched. Whom a comment mentions isn't among its words:
// the names of people change, and go, without it.
func fold(t coding.HitType, text string) string {
	if t == coding.HitComment {
		text = models.BlankMentions(text)
	}
	return coding.Fold(text)
}

// sameWords says whether a document with this stamp differs from the entry by its labels alone.
func (e *entry) sameWords(stamp string) bool {
	words, _, _ := strings.Cut(stamp, ".")
	return words == e.words
}

// wordsOf stands for the words of a version of something.
func wordsOf(version int) string { return fmt.Sprintf("%d-%d", format, version) }

// labelsOf are the labels that a note gives to its passages, memos and comments; nil is no note.
func labelsOf(n *models.Note) labels {
	l := labels{ParticipantIDs: []models.ID{}, Attributes: map[models.ID]any{}, Codings: codingValues(nil)}
	if n == nil {
		return l
	}
	l.SiteID, l.Kind, l.Phase, l.Language = known(n.SiteID), known(n.Kind), known(n.Phase), known(n.Language)
	l.ParticipantIDs = append(l.ParticipantIDs, n.ParticipantIDs...)
	if n.ObservedOn != "" {
		l.Day = known(day(n.ObservedOn))
	}
	for id, v := range n.Attributes {
		if v = attributeValue(v); v != nil {
			l.Attributes[id] = v
		}
	}
	return l
}

// attributeValue gives a value of an attribute as the index has it: nil for a text that is too long to
// filter by. The engine compares dates as texts, which sorts them.
func attributeValue(v any) any {
	text, ok := v.(string)
	if !ok || points(text) <= coding.MaxFilteredText {
		return v
	}
	return nil
}

// known gives a pointer to a value that isn't zero.
func known[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// day writes a date as a number that sorts.
func day(d models.Date) int {
	n, err := strconv.Atoi(strings.ReplaceAll(string(d), "-", ""))
	if err != nil {
		return 0
	}
	return n
}

// passageEntries are the passages of a note with its codings.
func passageEntries(n *models.Note, passages []coding.Passage, codings []*models.Coding, text func() (*coding.Text, error)) []*entry {
	out := make([]*entry, len(passages))
	on := codingsOn(passages, codings)
	for i, p := range passages {
		l := labelsOf(n)
		l.Codings = codingValues(on[i])
		out[i] = newEntry(fmt.Sprintf("%s_%d", n.ID, i), wordsOf(n.TextVersion), l, func() (*document, error) {
			t, err := text()
			if err != nil {
				return nil, err
			}
			return &document{
				Home: n.ID, Type: coding.HitPassage, NoteID: n.ID, Version: n.TextVersion, Start: p.Start, End: p.End,
				Block: p.Block, BlockKind: p.Kind, Speaker: p.Speaker, Text: t.Slice(p.Start, p.End),
			}, nil
		})
	}
	return out
}

// memoEntry is a memo, on a note or not.
func memoEntry(m *models.Memo, n *models.Note) *entry {
	home := m.NoteID
	if home == "" {
		home = m.ID
	}
	return newEntry("m_"+string(m.ID), wordsOf(m.Version), labelsOf(n), func() (*document, error) {
		return &document{Home: home, Type: coding.HitMemo, NoteID: m.NoteID, MemoID: m.ID, Layer: m.Layer.OrOpen(), Version: m.Version, End: points(m.Text), Text: m.Text}, nil
	})
}

// commentEntry is a comment on a coding of a note.
func commentEntry(c *models.Comment, n *models.Note) *entry {
	return newEntry("t_"+string(c.ID), wordsOf(c.Version), labelsOf(n), func() (*document, error) {
		return &document{Home: n.ID, Type: coding.HitComment, NoteID: n.ID, CommentID: c.ID, Layer: c.Layer.OrOpen(), Version: c.Version, End: points(c.Text), Text: c.Text}, nil
	})
}

// codeEntry is a code: its name, its definition and when to use it, each a paragraph.
func codeEntry(c *models.Code) *entry {
	return newEntry("c_"+string(c.ID), wordsOf(c.Version), labelsOf(nil), func() (*document, error) {
		var parts []string
		for _, part := range []string{c.Name, c.Definition, c.WhenToUse} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		text := strings.Join(parts, "\n\n")
		return &document{Home: c.ID, Type: coding.HitCode, CodeID: c.ID, Version: c.Version, End: points(text), Text: text}, nil
	})
}

// points counts code points.
func points(s string) int { return len([]rune(s)) }
