package api_test

import (
	"net/http"
	"strings"
	"testing"

	"feltbog/models"
)

// unchanged runs fn and says if the project's history, which every change is part of, has grown.
func (j *project) unchanged(fn func()) {
	j.w.t.Helper()
	newest := func() string {
		return j.get(j.path+"/events?limit=1").want(http.StatusOK).text("items", 0, "id") + string(j.get(j.path).want(http.StatusOK).raw)
	}
	before := newest()
	fn()
	if after := newest(); after != before {
		j.w.t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

// rawJSON sends bytes as JSON.
var rawJSON = with("Content-Type", "application/json")

// TestBadInput goes through what people, programs and attackers get wrong. Each has a code of its
// own and a sentence, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	other := w.User("lea").Project("Another")
	n := j.Note("The registers are what everything else stands on.").Coding("foundation", "The registers")
	elsewhere := other.Note("Somewhere else.").Coding("future", "else")
	site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated)
	big := func(n int) string { return strings.Repeat("x", n) }
	noteWith := func(text string) object {
		return object{"title": "A note", "kind": "fieldNote", "text": text}
	}
	codingAt := func(anchor object) object {
		return object{"noteId": n.id, "codeId": j.Code("future"), "anchor": anchor}
	}
	quote := n.Anchor("registers")

	for _, c := range []struct {
		what     string
		path     string
		body     any // JSON, or a string as it is
		status   int
		code     string
		pointers []string
	}{
		{"no body at all", "/sites", "", 400, "body_malformed", nil},
		{"half a body", "/sites", `{"name":"Town`, 400, "body_malformed", nil},
		{"no JSON", "/sites", `name=Town hall`, 400, "body_malformed", nil},
		{"an array where an object belongs", "/sites", `[]`, 422, "field_type", []string{""}},
		{"null where an object belongs", "/sites", `null`, 422, "field_type", []string{""}},
		{"an unknown field", "/sites", `{"name":"Town hall","colour":"red"}`, 422, "field_unknown", []string{"/colour"}},
		{"an unknown field deep down", "/notes", `{"title":"x","kind":"workshop","text":"y","meeting":{"purpose":"x","a/b~c":1}}`, 422, "field_unknown", []string{"/meeting/a~1b~0c"}},
		{"a field in the wrong case", "/sites", `{"Name":"Town hall"}`, 422, "field_unknown", []string{"/Name"}},
		{"two faults at once", "/sites", `{"nom":"Town hall","kind":1}`, 422, "field_unknown", []string{"/nom", "/kind"}},
		{"a wrong type", "/sites", `{"name":5}`, 422, "field_type", []string{"/name"}},
		{"a wrong type in a list", "/codings/batch", `{"items":[{},{"anchor":{"start":"0"}}]}`, 422, "field_type", []string{"/items/1/anchor/start"}},
		{"a fraction where a whole number belongs", "/codings", `{"anchor":{"start":1.5}}`, 422, "field_type", []string{"/anchor/start"}},
		{"a number beyond all numbers", "/codings", `{"anchor":{"start":1e99}}`, 422, "field_type", []string{"/anchor/start"}},
		{"null for a field", "/sites", `{"name":null}`, 422, "field_type", []string{"/name"}},
		{"an object where a string belongs", "/sites", `{"name":{"en":"Town hall"}}`, 422, "field_type", []string{"/name"}},
		{"a malformed id", "/codings", `{"noteId":"1"}`, 422, "id_malformed", []string{"/noteId"}},
		{"a malformed date", "/notes", `{"observedOn":"4/3/2025"}`, 422, "field_malformed", []string{"/observedOn"}},
		{"a day that isn't", "/notes", `{"observedOn":"2025-02-30"}`, 422, "field_malformed", []string{"/observedOn"}},
		{"a time of day that isn't", "/notes", `{"startsAt":"25:00"}`, 422, "field_malformed", []string{"/startsAt"}},
		{"two JSON values", "/sites", `{"name":"a"}{"name":"b"}`, 400, "json_trailing", nil},
		{"a value and then something", "/sites", `{"name":"a"} x`, 400, "json_trailing", nil},
		{"a name twice", "/sites", `{"name":"a","name":"b"}`, 400, "json_duplicate_key", []string{"/name"}},
		{"a name twice, once in disguise", "/sites", `{"name":"a","n\u0061me":"b"}`, 400, "json_duplicate_key", []string{"/name"}},
		{"a tower of arrays", "/sites", `{"name":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, 400, "json_too_deep", nil},
		{"a tower beyond what can be read", "/sites", strings.Repeat("[", 20_000), 400, "body_malformed", nil},
		{"a body over its limit", "/sites", `{"name":"` + big(1<<20) + `"}`, 413, "body_too_large", nil},
		{"a batch over its limit", "/codings/batch", `{"items":[],"x":"` + big(8<<20) + `"}`, 413, "body_too_large", nil},
		{"a note over its limit", "/notes", `{"text":"` + big(16<<20) + `"}`, 413, "body_too_large", nil},
		{"invalid UTF-8", "/sites", "{\"name\":\"T\xf8nder\"}", 400, "json_not_utf8", nil},
		{"a surrogate in UTF-8", "/sites", "{\"name\":\"\xed\xa0\x80\"}", 400, "json_not_utf8", nil},
		{"a lone high surrogate", "/sites", `{"name":"\ud800"}`, 400, "json_surrogate", nil},
		{"a lone low surrogate", "/sites", `{"name":"\udc00"}`, 400, "json_surrogate", nil},
		{"a pair the wrong way round", "/sites", `{"name":"\udc00\ud83d"}`, 400, "json_surrogate", nil},
		{"a high surrogate before something else", "/sites", `{"name":"\ud83d\u0041"}`, 400, "json_surrogate", nil},
		{"a lone surrogate in a name", "/sites", `{"\ud800":1}`, 400, "json_surrogate", nil},
		{"NUL in a name", "/sites", `{"name":"Town\u0000hall"}`, 422, "name_control_character", []string{"/name"}},
		{"NUL in a text", "/notes", noteWith("registers\x00"), 422, "text_binary", nil},
		{"NUL in a memo", "/memos", object{"target": object{"noun": "note", "id": n.id}, "text": "a\x00b"}, 422, "prose_control_character", []string{"/text"}},
		{"a name of 10,000 characters", "/sites", object{"name": big(10_000)}, 422, "name_too_long", []string{"/name"}},
		{"a title of 201 characters", "/notes", object{"title": strings.Repeat("ø", 201), "kind": "fieldNote", "text": "x"}, 422, "name_too_long", []string{"/title"}},
		{"no name", "/sites", object{"name": "  "}, 422, "name_missing", []string{"/name"}},
		{"a text of 2,000,001 characters", "/notes", noteWith(big(2_000_001)), 413, "text_too_long", nil},
		{"a million one-letter paragraphs", "/notes", noteWith(strings.Repeat("x\n\n", 1_000_000)), 413, "text_too_long", nil},
		{"20,001 one-letter paragraphs", "/notes", noteWith(strings.Repeat("x\n\n", 20_001)), 422, "blocks_too_many", nil},
		{"a kind that isn't", "/notes", object{"title": "x", "kind": "poem", "text": "y"}, 422, "kind_unknown", []string{"/kind"}},
		{"a format that isn't", "/notes", object{"title": "x", "kind": "fieldNote", "text": "y", "format": "rtf"}, 422, "format_unknown", []string{"/format"}},
		{"a site of another project", "/notes", object{"title": "x", "kind": "fieldNote", "text": "y", "siteId": elsewhere.id}, 422, "site_unknown", []string{"/siteId"}},
		{"an observer who is nobody", "/notes", object{"title": "x", "kind": "fieldNote", "text": "y", "observerId": string(models.NewID())}, 422, "member_unknown", []string{"/observerId"}},

		{"a quote that doesn't match its offsets", "/codings", codingAt(object{"start": 0, "end": 9, "quote": "registers"}), 422, "quote_mismatch", []string{"/anchor/quote"}},
		{"an end before its start", "/codings", codingAt(object{"start": 9, "end": 4, "quote": "x"}), 422, "anchor_reversed", []string{"/anchor/end"}},
		{"an end past the text", "/codings", codingAt(object{"start": 4, "end": 4000, "quote": "x"}), 422, "anchor_out_of_text", []string{"/anchor/end"}},
		{"a start before the text", "/codings", codingAt(object{"start": -1, "end": 4, "quote": "x"}), 422, "anchor_out_of_text", []string{"/anchor/start"}},
		{"an empty span", "/codings", codingAt(object{"start": 4, "end": 4, "quote": ""}), 422, "anchor_empty", []string{"/anchor/end"}},
		{"a version of the text that isn't", "/codings", codingAt(object{"start": 4, "end": 13, "quote": "registers", "textVersion": 7}), 422, "text_version_unknown", []string{"/anchor/textVersion"}},
		{"a note of another project", "/codings", object{"noteId": elsewhere.id, "codeId": j.Code("future"), "anchor": quote}, 422, "note_unknown", []string{"/noteId"}},
		{"a code of another project", "/codings", object{"noteId": n.id, "codeId": other.Code("future"), "anchor": quote}, 422, "code_unknown", []string{"/codeId"}},
		{"a fault in the middle of a batch", "/codings/batch", object{"items": array{codingAt(quote), codingAt(object{"start": 4, "end": 13, "quote": "lies"})}}, 422, "quote_mismatch", []string{"/items/1/anchor/quote"}},
		{"an empty batch", "/codings/batch", object{"items": array{}}, 422, "batch_size", []string{"/items"}},
		{"a batch of 1,001", "/codings/batch", object{"items": manyOf(codingAt(quote), 1001)}, 422, "batch_size", []string{"/items"}},
		{"an id that is no UUIDv7", "/sites", object{"id": "9b2f0c3e-58d6-4d52-a51f-4b0f3c1d2e00", "name": "x"}, 422, "id_malformed", []string{"/id"}},
		{"an id that was used before", "/sites", object{"id": site.id(), "name": "x"}, 409, "id_taken", []string{"/id"}},
		{"a code beneath nothing", "/codes", object{"name": "x", "parentId": string(models.NewID())}, 422, "code_unknown", []string{"/parentId"}},
		{"a key that is taken", "/codes", object{"name": "x", "key": "future"}, 409, "code_key_taken", []string{"/key"}},
		{"a key in capitals", "/codes", object{"name": "x", "key": "Future"}, 422, "code_key_malformed", []string{"/key"}},
		{"a colour beyond the palette", "/codes", object{"name": "x", "colour": 13}, 422, "colour_unknown", []string{"/colour"}},
		{"a code merged into itself", "/codes/" + j.Code("future") + "/merge", object{"into": j.Code("future")}, 422, "merge_target_unknown", []string{"/into"}},
		{"a split of nothing", "/codes/" + j.Code("future") + "/split", object{"into": array{}}, 422, "batch_size", []string{"/into"}},
		{"an import of codes from nowhere", "/codes/import", object{}, 422, "source_missing", nil},
		{"an import of codes from a template that isn't", "/codes/import", object{"template": "x"}, 422, "template_unknown", []string{"/template"}},
		{"an import of codes from a project that isn't mine", "/codes/import", object{"fromProjectId": string(models.NewID())}, 404, "project_not_found", nil},
		{"a memo on something else", "/memos", object{"target": object{"noun": "coding", "id": elsewhere.coding}, "text": "x"}, 422, "target_unknown", []string{"/target/id"}},
		{"a memo on an event", "/memos", object{"target": object{"noun": "event", "id": n.id}, "text": "x"}, 422, "target_unknown", []string{"/target/noun"}},
		{"a memo without words", "/memos", object{"target": object{"noun": "note", "id": n.id}, "text": " "}, 422, "text_empty", []string{"/text"}},
		{"a link to itself", "/links", object{"fromId": n.coding, "toId": n.coding, "kind": "explains"}, 422, "link_to_itself", []string{"/toId"}},
		{"a link to another project", "/links", object{"fromId": n.coding, "toId": elsewhere.coding, "kind": "explains"}, 422, "coding_unknown", []string{"/toId"}},
		{"a link of another kind", "/links", object{"fromId": n.coding, "toId": n.coding, "kind": "resembles"}, 422, "kind_unknown", []string{"/kind"}},
		{"a member whom nobody knows", "/members", object{"email": "nobody@example.org", "role": "coder"}, 422, "member_unknown", []string{"/email"}},
		{"a member who is one already", "/members", object{"email": "lea@example.org", "role": "coder"}, 409, "member_exists", nil},
		{"an undo of another project's event", "/events/" + elsewhere.get(elsewhere.path+"/events").text("items", 0, "id") + "/undo", nil, 404, "event_not_found", nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			w.in(t)
			body := c.body
			if s, ok := body.(string); ok {
				body = []byte(s)
			}
			j.unchanged(func() {
				j.post(j.path+c.path, body, rawJSON).refused(c.status, c.code).pointing(c.pointers...)
			})
		})
	}

	t.Run("a codebook that runs in a circle", func(t *testing.T) {
		w.in(t)
		parent := j.get(j.path + "/codes/" + j.Code("foundation")).want(http.StatusOK)
		j.unchanged(func() {
			j.patch(j.path+"/codes/"+j.Code("foundation"), object{"parentId": j.Code("foundation_ground")}, seeing(parent.version())).
				refused(http.StatusUnprocessableEntity, "code_cycle").pointing("/parentId")
		})
	})

	t.Run("a site within itself", func(t *testing.T) {
		w.in(t)
		j.unchanged(func() {
			j.patch(j.path+"/sites/"+site.id(), object{"parentId": site.id()}, seeing(1)).refused(http.StatusUnprocessableEntity, "site_cycle")
		})
	})

	t.Run("a quote that was never there, at the place of one that is", func(t *testing.T) {
		w.in(t)
		j.unchanged(func() {
			anchor := n.Anchor("The registers")
			anchor["quote"], anchor["textVersion"] = "The lies-here", 1
			j.patch(j.path+"/codings/"+n.coding, object{"anchor": anchor}, seeing(1)).refused(http.StatusUnprocessableEntity, "quote_mismatch")
		})
	})

	t.Run("queries", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string]struct {
			status int
			code   string
		}{
			"/notes?sites=" + site.id():              {422, "parameter_unknown"},
			"/notes?site=x":                          {422, "id_malformed"},
			"/notes?kind=fieldNote&kind=workshop":    {422, "parameter_repeated"},
			"/notes?from=2025":                       {422, "date_malformed"},
			"/notes?drafts=yes":                      {422, "parameter_malformed"},
			"/notes?order=length":                    {422, "order_unknown"},
			"/notes?phase=%ff":                       {400, "query_malformed"},
			"/notes?phase=%00":                       {400, "query_malformed"},
			"/notes?phase=%zz":                       {400, "query_malformed"},
			"/notes?limit=many":                      {400, "limit_malformed"},
			"/notes?limit=0":                         {422, "limit_out_of_range"},
			"/notes?limit=1001":                      {422, "limit_out_of_range"},
			"/notes?cursor=bWFkZSBieSBoYW5k":         {400, "cursor_malformed"},
			"/events?noun=table":                     {422, "noun_unknown"},
			"/notes/" + n.id + "/text?version=0":     {422, "parameter_malformed"},
			"/notes/" + n.id + "/text?version=2":     {404, "text_version_not_found"},
			"/codebook?version=4000":                 {404, "codebook_version_not_found"},
			"/bin/table/" + n.id:                     {405, "method_not_allowed"},
			"/codings?code=" + strings.ToUpper(n.id): {422, "id_malformed"},
		} {
			j.get(j.path+query).refused(want.status, want.code)
		}
	})
}

func manyOf(item any, n int) []any {
	many := make([]any, n)
	for i := range many {
		many[i] = item
	}
	return many
}
