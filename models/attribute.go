package models

import (
	"encoding/json"
	"maps"
)

// AttributeType says what the values of an attribute are.
type AttributeType string

// The types of attributes. A value of a date is a string YYYY-MM-DD, one of a choice is one of its words.
const (
	AttributeText    AttributeType = "text"
	AttributeNumber  AttributeType = "number"
	AttributeDate    AttributeType = "date"
	AttributeBoolean AttributeType = "boolean"
	AttributeChoice  AttributeType = "choice"
)

// AttributeTypes lists the types of attributes.
func AttributeTypes() []AttributeType {
	return []AttributeType{AttributeText, AttributeNumber, AttributeDate, AttributeBoolean, AttributeChoice}
}

// Attribute defines something that a project's notes tell of themselves beside their fields, such as how
// many people were there. Its ID stays when it is renamed.
type Attribute struct {
	ID      ID            `json:"id"`
	Name    string        `json:"name"` // unique in the project, without regard to case
	Type    AttributeType `json:"type"`
	Choices []string      `json:"choices"` // of a choice, in order; empty for the other types
}

// Definitions are the attributes of a project, in order.
type Definitions []Attribute

// Find gives the attribute with an id.
func (d Definitions) Find(id ID) (Attribute, bool) {
	for _, a := range d {
		if a.ID == id {
			return a, true
		}
	}
	return Attribute{}, false
}

// MarshalJSON writes no attributes as an empty array.
func (d Definitions) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]Attribute(d))
}

// Attributes are the values that a note has of its project's attributes, by their ids: strings, float64
// and bool. An attribute without a value isn't there.
type Attributes map[ID]any

// MarshalJSON writes no values as an empty object.
func (a Attributes) MarshalJSON() ([]byte, error) {
	if a == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[ID]any(a))
}

// With gives a copy in which the values of changes are put; nil takes a value away.
func (a Attributes) With(changes Attributes) Attributes {
	out := maps.Clone(a)
	if out == nil {
		out = Attributes{}
	}
	for id, v := range changes {
		if v == nil {
			delete(out, id)
		} else {
			out[id] = v
		}
	}
	return out
}
