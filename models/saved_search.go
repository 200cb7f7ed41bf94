package models

// SavedSearch is a search that a member keeps under a name, for themself alone. It is a personal
// setting and no record of the research: it has no history and doesn't lie in the bin.
type SavedSearch struct {
	Head      `bson:",inline"`
	Name      string      `json:"name"`
	Query     SearchQuery `json:"query"`
	CreatedBy ID          `json:"createdBy"`
}

// SearchQuery is what to search for, by the names of the parameters of a search. Empty fields leave
// nothing out.
type SearchQuery struct {
	Q           string     `json:"q,omitempty"`
	Type        []string   `json:"type,omitempty"`
	Site        []ID       `json:"site,omitempty"`
	Kind        []NoteKind `json:"kind,omitempty"`
	Code        []ID       `json:"code,omitempty"` // each of them
	CodeAny     []ID       `json:"codeAny,omitempty"`
	CodeNone    []ID       `json:"codeNone,omitempty"`
	Coder       []ID       `json:"coder,omitempty"`
	Participant []ID       `json:"participant,omitempty"`
	Phase       string     `json:"phase,omitempty"`
	Language    string     `json:"language,omitempty"`
	Attribute   []string   `json:"attribute,omitempty"` // each an id, a colon and a value
	From        Date       `json:"from,omitempty"`
	To          Date       `json:"to,omitempty"`
	Order       string     `json:"order,omitempty"`
}

// Noun is saved_search.
func (*SavedSearch) Noun() Noun { return NounSavedSearch }

// Image is empty: no event tells of a saved search.
func (*SavedSearch) Image() *Image { return &Image{} }

// Scope is whoever saved it alone.
func (r *SavedSearch) Scope() Scope { return Scope{Audience: r.CreatedBy} }
