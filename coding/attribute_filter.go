package coding

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"feltbog/models"
)

// AttributeFilter asks for notes with one of Values of an attribute, or with a value from AtLeast to
// AtMost, inclusively; nil is open.
type AttributeFilter struct {
	ID              models.ID
	Type            models.AttributeType
	Values          []any
	AtLeast, AtMost any
}

// MaxFilteredText is how many code points a value may have that is searched by, and counted.
const MaxFilteredText = 100

// splitAttribute reads "id:value" of a filter, where an operator may stand before the value: = (as if there
// were none), >= or <=.
func splitAttribute(asked string) (id models.ID, operator, value string, err error) {
	before, value, ok := strings.Cut(asked, ":")
	id, bad := models.ParseID(before)
	for _, o := range []string{">=", "<=", "="} {
		if rest, found := strings.CutPrefix(value, o); found {
			operator, value = o, rest
			break
		}
	}
	if !ok || bad != nil || value == "" || !utf8.ValidString(value) || utf8.RuneCountInString(value) > MaxFilteredText {
		return "", "", "", models.Invalid("attribute_filter_malformed",
			fmt.Sprintf("A filter by an attribute is its id, a colon and a value of at most %d characters; before a number or a date may stand >= or <=.", MaxFilteredText),
			models.Field{Pointer: "/attribute", Problem: "malformed"})
	}
	return id, operator, value, nil
}

// checkAttributeFilters refuses what no project could understand.
func checkAttributeFilters(asked []string) error {
	for _, a := range asked {
		if _, _, _, err := splitAttribute(a); err != nil {
			return err
		}
	}
	return nil
}

// attributeFilters reads filters, one for each attribute: several values of one are one of them, several
// attributes all of them. An attribute that isn't there, or no more, has no note.
func attributeFilters(all models.Definitions, asked []string) ([]AttributeFilter, error) {
	var out []AttributeFilter
	at := map[models.ID]int{}
	for _, word := range asked {
		id, operator, written, err := splitAttribute(word)
		if err != nil {
			return nil, err
		}
		a, _ := all.Find(id)
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, AttributeFilter{ID: id, Type: a.Type})
		}
		value, err := filterValue(a, written)
		if err != nil {
			return nil, err
		}
		ranged := a.Type == models.AttributeNumber || a.Type == models.AttributeDate
		f := &out[i]
		switch {
		case operator == ">=" && ranged:
			f.AtLeast = value
		case operator == "<=" && ranged:
			f.AtMost = value
		case operator == ">=" || operator == "<=":
			f.Values = append(f.Values, operator+written)
		default:
			f.Values = append(f.Values, value)
		}
	}
	return out, nil
}

func filterValue(a models.Attribute, written string) (any, error) {
	wrong := func(wanted string) error {
		return models.Invalid("attribute_filter_malformed", fmt.Sprintf("“%s” is filtered by %s.", a.Name, wanted), models.Field{Pointer: "/attribute", Problem: "not " + wanted})
	}
	switch a.Type {
	case models.AttributeNumber:
		n, err := strconv.ParseFloat(written, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, wrong("a number")
		}
		return n, nil
	case models.AttributeDate:
		if _, err := time.Parse(time.DateOnly, written); err != nil {
			return nil, wrong("a date, written YYYY-MM-DD")
		}
		return written, nil
	case models.AttributeBoolean:
		if written != "true" && written != "false" {
			return nil, wrong("true or false")
		}
		return written == "true", nil
	case models.AttributeText, models.AttributeChoice:
	}
	return written, nil
}

// whereAttributes selects notes in the store as the filters ask.
func whereAttributes(where Where, filters []AttributeFilter) {
	for _, f := range filters {
		field := "attributes." + string(f.ID)
		switch {
		case len(f.Values) > 0 && (f.AtLeast != nil || f.AtMost != nil):
			where[field] = Bounds{From: f.AtLeast, To: f.AtMost, In: f.Values}
		case len(f.Values) > 0:
			where[field] = f.Values
		default:
			where[field] = Bounds{From: f.AtLeast, To: f.AtMost}
		}
	}
}
