package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// decode reads the request's JSON into a T, strictly: one value, UTF-8, no unknown or repeated
// fields, no null, each value of the type its field has. It returns Malformed for what is no such
// JSON, and Invalid (field_unknown, field_type, field_malformed, id_malformed) with a pointer for
// each fault.
func decode[T any](c *gin.Context) (T, error) {
	var v T
	err := unmarshal(bodyOf(c), &v)
	return v, err
}

// decodeIfAny is decode for a body that may be left out.
func decodeIfAny[T any](c *gin.Context) (T, error) {
	if len(bodyOf(c)) == 0 {
		var none T
		return none, nil
	}
	return decode[T](c)
}

// unmarshal reads raw into the value that v points at, as decode does.
func unmarshal(raw []byte, v any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return models.Malformed("body_malformed", "This request needs a JSON body, and it has none.")
	}
	if !utf8.Valid(raw) {
		return models.Malformed("json_not_utf8", "The body has bytes that are not UTF-8. Send JSON in UTF-8.")
	}
	var first json.RawMessage
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&first); err != nil {
		return notJSON(raw, d.InputOffset(), err)
	}
	if rest := bytes.TrimSpace(raw[d.InputOffset():]); len(rest) > 0 {
		return models.Malformed("json_trailing", "The body goes on after its JSON value. Send one value only.")
	}
	r := reader{raw: first}
	if err := r.value(reflect.TypeOf(v).Elem(), 0); err != nil {
		return err
	}
	if len(r.faults) > 0 {
		return models.Invalid(r.code, r.sentence, r.faults...)
	}
	if err := json.Unmarshal(first, v); err != nil {
		// The reader above refuses whatever Unmarshal does; this is for the case that it doesn't.
		return models.Invalid("field_type", "A field of this request has a value of another type than it takes.").Because(err)
	}
	return nil
}

// notJSON says where a body stops being JSON.
func notJSON(raw []byte, at int64, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = syntax.Offset
	}
	before := raw[:min(max(at, 0), int64(len(raw)))]
	return models.Malformed("body_malformed", fmt.Sprintf("The body is not JSON: look at line %d.", bytes.Count(before, []byte("\n"))+1)).Because(err)
}

// The bounds of what a body may be made of.
const (
	// maxDepth is far beyond what any request nests, and far below what would strain the stack.
	maxDepth = 32
	// maxFaults is how many faults are worth telling of at once.
	maxFaults = 20
)

// reader walks over JSON whose syntax was checked, beside the type it is to be read into.
// encoding/json alone would match names without regard to case, take the last of repeated ones, read
// lone surrogates as U+FFFD, and name no path for an unknown field.
type reader struct {
	raw    []byte
	at     int
	path   []byte
	faults []models.Field
	// code and sentence are of the first fault.
	code, sentence string
}

func (r *reader) fault(code, sentence, problem string) {
	if len(r.faults) == 0 {
		r.code, r.sentence = code, sentence
	}
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, models.Field{Pointer: string(r.path), Problem: problem})
	}
}

func (r *reader) wrong(wanted string) {
	r.fault("field_type", "A field of this request has a value of another type than it takes.", "This should be "+wanted+".")
}

// within walks into a member of an object or an item of an array.
func (r *reader) within(step string, walk func() error) error {
	length := len(r.path)
	r.path = appendStep(r.path, step)
	err := walk()
	r.path = r.path[:length]
	return err
}

// appendStep adds a reference token to a JSON pointer (RFC 6901).
func appendStep(path []byte, step string) []byte {
	path = append(path, '/')
	for i := range len(step) {
		switch step[i] {
		case '~':
			path = append(path, '~', '0')
		case '/':
			path = append(path, '~', '1')
		default:
			path = append(path, step[i])
		}
	}
	return path
}

// value walks over the value at r.at. A nil type takes anything.
func (r *reader) value(t reflect.Type, depth int) error {
	if depth > maxDepth {
		return models.Malformed("json_too_deep", fmt.Sprintf("The body nests deeper than %d levels.", maxDepth))
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && (t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]()) {
		t = nil
	}
	r.space()
	start := r.at
	switch r.raw[r.at] {
	case '{':
		return r.object(t, depth)
	case '[':
		return r.array(t, depth)
	case '"':
		if err := r.text(); err != nil {
			return err
		}
	default:
		for r.at < len(r.raw) && bytes.IndexByte([]byte(" \t\r\n,]}"), r.raw[r.at]) < 0 {
			r.at++
		}
	}
	if t != nil {
		r.scalar(t, r.raw[start:r.at])
	}
	return nil
}

func (r *reader) space() {
	for r.at < len(r.raw) && bytes.IndexByte([]byte(" \t\r\n"), r.raw[r.at]) >= 0 {
		r.at++
	}
}

// past steps over one byte of punctuation if it stands here.
func (r *reader) past(b byte) bool {
	r.space()
	if r.raw[r.at] != b {
		return false
	}
	r.at++
	return true
}

func (r *reader) object(t reflect.Type, depth int) error {
	fields := fieldsOf(t)
	if t != nil && fields == nil && t.Kind() != reflect.Map {
		r.wrong(wanted(t))
		t = nil
	}
	seen := map[string]bool{}
	r.at++ // the brace
	for !r.past('}') {
		r.past(',')
		r.space()
		start := r.at
		if err := r.text(); err != nil {
			return err
		}
		name := r.unquote(r.raw[start:r.at])
		if seen[name] {
			return models.Malformed("json_duplicate_key", "An object in the body has the same name twice.",
				models.Field{Pointer: string(appendStep(r.path, name)), Problem: "This name stands here twice."})
		}
		seen[name] = true
		r.past(':')
		err := r.within(name, func() error { return r.value(r.member(t, fields, name), depth+1) })
		if err != nil {
			return err
		}
	}
	return nil
}

// member gives the type of an object's member; nil where any value will do, or none.
func (r *reader) member(t reflect.Type, fields map[string]reflect.Type, name string) reflect.Type {
	switch {
	case t == nil:
		return nil
	case t.Kind() == reflect.Map:
		return t.Elem()
	}
	field, ok := fields[name]
	if !ok {
		r.fault("field_unknown", "This request has a field that is not known here. Look at its spelling.", "There is no such field.")
	}
	return field
}

func (r *reader) array(t reflect.Type, depth int) error {
	var item reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		item = t.Elem()
	default:
		r.wrong(wanted(t))
	}
	r.at++ // the bracket
	for i := 0; !r.past(']'); i++ {
		r.past(',')
		err := r.within(strconv.Itoa(i), func() error { return r.value(item, depth+1) })
		if err != nil {
			return err
		}
	}
	return nil
}

// text steps over a string and refuses half a surrogate pair, which no text can hold.
func (r *reader) text() error {
	for r.at++; r.raw[r.at] != '"'; r.at++ {
		if r.raw[r.at] != '\\' {
			continue
		}
		r.at++
		if r.raw[r.at] != 'u' {
			continue
		}
		unit := r.hex(r.at + 1)
		r.at += 4
		switch {
		case unit >= 0xdc00 && unit <= 0xdfff:
			return loneSurrogate()
		case unit >= 0xd800 && unit <= 0xdbff:
			if r.raw[r.at+1] != '\\' || r.raw[r.at+2] != 'u' {
				return loneSurrogate()
			}
			if low := r.hex(r.at + 3); low < 0xdc00 || low > 0xdfff {
				return loneSurrogate()
			}
			r.at += 6
		}
	}
	r.at++
	return nil
}

func loneSurrogate() error {
	return models.Malformed("json_surrogate", "The body has half of a surrogate pair (\\ud800 to \\udfff), which is no character.")
}

func (r *reader) hex(at int) rune {
	var unit rune
	for _, b := range r.raw[at : at+4] {
		unit <<= 4
		switch {
		case b <= '9':
			unit |= rune(b - '0')
		default:
			unit |= rune(b|0x20-'a') + 10
		}
	}
	return unit
}

func (r *reader) unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return string(quoted)
	}
	return s
}

// scalar compares a string, number, true, false or null with the type it is to be read into.
func (r *reader) scalar(t reflect.Type, raw []byte) {
	value := reflect.New(t)
	asText, isText := reflect.TypeAssert[encoding.TextUnmarshaler](value)
	switch {
	case isText && raw[0] == '"':
		if err := asText.UnmarshalText([]byte(r.unquote(raw))); err != nil {
			r.malformed(t, err)
		}
	case raw[0] == 'n':
		r.fault("field_type", "A field of this request is null. Leave it out instead.", "This can't be null.")
	case isText, (raw[0] == '"') != (t.Kind() == reflect.String):
		r.wrong(wanted(t))
	case raw[0] == '"': // a string for a string, which may be a whole note
	case json.Unmarshal(raw, value.Interface()) != nil:
		r.wrong(wanted(t))
	}
}

// malformed tells of a string that is not what its field holds, such as an id or a date.
func (r *reader) malformed(t reflect.Type, err error) {
	code, sentence := "field_malformed", "A field of this request isn't written as it should be."
	if t == reflect.TypeFor[models.ID]() {
		code, sentence = "id_malformed", "An id in this request is not a UUID in lower case."
	}
	r.fault(code, sentence, "Here "+err.Error()+".")
}

func wanted(t reflect.Type) string {
	switch t.Kind() { //nolint:exhaustive // requests are made of these
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

// structs remembers what fieldsOf found; a batch asks a thousand times.
var structs sync.Map

// fieldsOf gives the fields of a struct by their JSON names, those of embedded structs among them;
// nil for any other type.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	if known, ok := structs.Load(t); ok {
		return known.(map[string]reflect.Type)
	}
	fields := make(map[string]reflect.Type, t.NumField())
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && !f.Anonymous && name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	structs.Store(t, fields)
	return fields
}
