package models

import (
	"crypto/sha256"
	"encoding/hex"
)

// Layer is where a coding belongs: LayerOpen, a round, or a round's consensus.
type Layer string

// LayerOpen holds everyday coding.
const LayerOpen Layer = "open"

// Open says whether the layer is that of everyday coding, which also the empty one of old records is.
func (l Layer) Open() bool { return l == LayerOpen || l == "" }

// OrOpen gives the layer. Memos and links that were made before there were rounds say none, and are in
// the open one.
func (l Layer) OrOpen() Layer {
	if l == "" {
		return LayerOpen
	}
	return l
}

// MarshalText writes the layer in JSON, the open one also where none was said.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.OrOpen()), nil }

// Contrast tells a code from a neighbour it is mistaken for.
type Contrast struct {
	Against string `json:"against"` // the neighbour's key
	Text    string `json:"text"`
	Example string `json:"example"`
}

// Code is an entry of a codebook. Codes nest by ParentID and stand in order of Position among their siblings.
type Code struct {
	Head       `bson:",inline"`
	Key        string     `json:"key"` // stable, unique in the codebook, lower case with underscores
	Name       string     `json:"name"`
	ParentID   ID         `json:"parentId"`
	Position   float64    `json:"position"`
	Colour     int        `json:"colour"` // slot of the palette, 1 to 12
	Letter     string     `json:"letter"`
	Shortcut   string     `json:"shortcut"`
	Definition string     `json:"definition"`
	WhenToUse  string     `json:"whenToUse"`
	WhenNot    []Contrast `json:"whenNot"`
	Examples   []string   `json:"examples"`
	InVivo     bool       `json:"inVivo"`
	Archived   bool       `json:"archived"`
	MergedInto ID         `json:"mergedInto"` // where codings put with this code go
	AuthorID   ID         `json:"authorId"`
	// CodebookVersion is the version of the codebook that this change of the code made.
	CodebookVersion int `json:"codebookVersion"`
}

// CodeEntry is a code on its way into a codebook, out of a template, a file or another codebook:
// without ids, versions and author. ParentKey is the key of an earlier entry or of a code that is
// there already, or empty.
type CodeEntry struct {
	Code
	ParentKey string
}

// PaletteSlots is the number of code colours.
const PaletteSlots = 12

// Noun is code.
func (*Code) Noun() Noun { return NounCode }

// Image keeps the whole code.
func (c *Code) Image() *Image { d := *c; return &Image{Code: &d} }

// Scope is the space alone.
func (*Code) Scope() Scope { return Scope{} }

// Anchor is a span of one version of a text: code points [Start, End), the words there, and up to 32
// code points before and after, which tell equal quotes apart.
type Anchor struct {
	Start       int    `json:"start"`
	End         int    `json:"end"`
	Quote       string `json:"quote"`
	Prefix      string `json:"prefix"`
	Suffix      string `json:"suffix"`
	TextVersion int    `json:"textVersion"`
	// QuoteHash is the SHA-256 of the whole quote where Quote holds only its two ends (in events).
	QuoteHash string `json:"quoteHash,omitempty"`
}

// Coding is one code put on one anchor by one coder in one layer.
type Coding struct {
	Head    `bson:",inline"`
	Layer   Layer  `json:"layer"`
	NoteID  ID     `json:"noteId"`
	CodeID  ID     `json:"codeId"`
	CoderID ID     `json:"coderId"`
	Anchor  Anchor `json:"anchor"`
	// Review is true while the text at the anchor is no longer the quote, because the text was edited.
	Review bool `json:"review"`
}

// Noun is coding.
func (*Coding) Noun() Noun { return NounCoding }

// Image keeps the coding, a long quote as its hash and ends.
func (c *Coding) Image() *Image {
	d := *c
	d.Anchor.Quote, d.Anchor.QuoteHash = shorten(c.Anchor.Quote)
	return &Image{Coding: &d}
}

// Scope is the coding's note and layer.
func (c *Coding) Scope() Scope { return Scope{NoteID: c.NoteID, Layer: c.Layer} }

// shorten keeps a quote of up to 300 code points whole, and of a longer one the first and last 100
// and the hash of all of it.
func shorten(quote string) (short, hash string) {
	points := []rune(quote)
	if len(points) <= 300 {
		return quote, ""
	}
	return string(points[:100]) + " … " + string(points[len(points)-100:]), HashQuote(quote)
}

// HashQuote gives the SHA-256 of a quote in hex.
func HashQuote(quote string) string {
	sum := sha256.Sum256([]byte(quote))
	return hex.EncodeToString(sum[:])
}

// Target is what a memo is about.
type Target struct {
	Noun Noun `json:"noun"` // project, site, note, code or coding
	ID   ID   `json:"id"`
}

// Memo is an analytic text on a record; private to its author or shared. One on a coding is in the
// coding's layer, and one on a note in that in which its author codes the note.
type Memo struct {
	Head     `bson:",inline"`
	Target   Target `json:"target"`
	NoteID   ID     `json:"noteId"` // the note it hangs on, directly or through a coding
	AuthorID ID     `json:"authorId"`
	// Layer is LayerOpen, or a round's for what is written in it. Old records have none, and are open.
	Layer   Layer  `json:"layer"`
	Private bool   `json:"private"`
	Text    string `json:"text"`
}

// Noun is memo.
func (*Memo) Noun() Noun { return NounMemo }

// Image keeps the whole memo.
func (m *Memo) Image() *Image { c := *m; return &Image{Memo: &c} }

// Scope is the memo's note and layer, and its author alone while it is private.
func (m *Memo) Scope() Scope {
	s := Scope{NoteID: m.NoteID, Layer: m.Layer}
	if m.Private {
		s.Audience = m.AuthorID
	}
	return s
}

// LinkKind is one of the relations between two codings.
type LinkKind string

// The four relations.
const (
	LinkContrasts LinkKind = "contrasts"
	LinkExplains  LinkKind = "explains"
	LinkLeadsTo   LinkKind = "leadsTo"
	LinkRepeats   LinkKind = "repeats"
)

// LinkKinds lists the four relations.
func LinkKinds() []LinkKind {
	return []LinkKind{LinkContrasts, LinkExplains, LinkLeadsTo, LinkRepeats}
}

// Link is a typed relation from one coding to another of the same layer.
type Link struct {
	Head     `bson:",inline"`
	FromID   ID       `json:"fromId"`
	ToID     ID       `json:"toId"`
	NoteIDs  []ID     `json:"noteIds"` // that the two codings are on, in their order
	Kind     LinkKind `json:"kind"`
	Text     string   `json:"text"` // why
	AuthorID ID       `json:"authorId"`
	// Layer is that of both codings. Old records have none, and are open.
	Layer Layer `json:"layer"`
}

// Noun is link.
func (*Link) Noun() Noun { return NounLink }

// Image keeps the whole link.
func (l *Link) Image() *Image { c := *l; return &Image{Link: &c} }

// Scope is the link's layer. It hangs on two notes, so it names none.
func (l *Link) Scope() Scope { return Scope{Layer: l.Layer} }
