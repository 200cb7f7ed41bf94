package meili_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

func q(query string) coding.SearchRequest { return coding.SearchRequest{Q: query} }

// passages asks for passages alone.
func passages(r coding.SearchRequest) coding.SearchRequest {
	r.Types = []coding.HitType{coding.HitPassage}
	return r
}

func TestSearchingWords(t *testing.T) {
	w := newWorld(t)
	w.note(w.owner, "harbour", "The harbour office keeps its registers by hand.\n"+
		"Nobody trusts the register, and nobody says so.\n"+
		"The consultant calls the foundation of data a foundation. Second sentence about e-mail.\n"+
		"Year 2021 is not year 2022; the case number is 123456.")
	w.note(w.owner, "havn", "👩‍👩‍👧 Blåbærgrød på Ærø, sagde havnefogeden i Aarhus.\n"+
		"Cafe\u0301 Noir: a\u030ale, Malmö og Göteborg, Aalborg og Ålborg.\n"+
		"🧑🏽‍💻 Økonomien er oekonomisk; »data som fundament« står der.\n"+
		"DataHub og SikkerNet, 20 °C, don’t, 数据治理很重要")
	w.settle()
	for _, c := range []struct {
		name, query string
		want        []string
	}{
		{"every word must match", "harbour registers", []string{"The [harbour] office keeps its [registers] by hand."}},
		{"a word that is nowhere finds nothing", "harbour nonsense", []string{}},
		{"words may be misspelt a little", "regisers harbuor", []string{"The [harbour] office keeps its [registers] by hand."}},
		{"numbers may not", "123457", []string{}},
		{"nor short words", "yeer 2021", []string{}},
		{"the last word may be cut short", "nobody trus", []string{"[Nobody] [trus]ts the register, and [nobody] says so."}},
		{"phrases stand as they are", `"foundation of data"`, []string{"The consultant calls the [foundation of data] a foundation. Second sentence about e-mail."}},
		{"phrases aren't misspelt", `"fundation of data"`, []string{}},
		{"phrases keep their order", `"data of foundation"`, []string{}},
		{"phrases may be in typographic quotes", `“foundation of data”`, []string{"The consultant calls the [foundation of data] a foundation. Second sentence about e-mail."}},
		{"phrases may be in guillemets, and so may the text", `»data som fundament«`, []string{"🧑🏽‍💻 Økonomien er oekonomisk; »[data som fundament]« står der."}},
		{"phrases may reach over the end of a sentence", `"a foundation. Second sentence"`, []string{"The consultant calls the foundation of data [a foundation]. [Second sentence] about e-mail."}},
		{"words may be excluded", "register -trusts", []string{"The harbour office keeps its [register]s by hand."}},
		{"excluded words aren't misspelt or cut short", "register -trust", []string{"Nobody trusts the [register], and nobody says so.", "The harbour office keeps its [register]s by hand."}},
		{"phrases may be excluded", `nobody -"says so"`, []string{}},
		{"a compound may be excluded", `data -e-mail fundament`, []string{"🧑🏽‍💻 Økonomien er oekonomisk; »[data] som [fundament]« står der."}},
		{"stray signs don't matter", `- "harbour & registers! -`, []string{"The [harbour] office keeps its [registers] by hand."}},
		{"å finds aa", "århus", []string{"👩‍👩‍👧 Blåbærgrød på Ærø, sagde havnefogeden i [Aarhus]."}},
		{"aa finds å", "blaabaer", []string{"👩‍👩‍👧 [Blåbær]grød på Ærø, sagde havnefogeden i Aarhus."}},
		{"aa finds å and aa", "aalborg", []string{"Cafe\u0301 Noir: a\u030ale, Malmö og Göteborg, [Aalborg] og [Ålborg]."}},
		{"å finds å made of two code points", "åle", []string{"Cafe\u0301 Noir: [a\u030ale], Malmö og Göteborg, Aalborg og Ålborg."}},
		{"two code points find å", "a\u030alborg", []string{"Cafe\u0301 Noir: a\u030ale, Malmö og Göteborg, [Aalborg] og [Ålborg]."}},
		{"æ and ø find ae and oe", "aeroe", []string{"👩‍👩‍👧 Blåbærgrød på [Ærø], sagde havnefogeden i Aarhus."}},
		{"oe finds ø and oe", "oekonomi", []string{"🧑🏽‍💻 [Økonomi]en er [oekonomi]sk; »data som fundament« står der."}},
		{"ø finds ö", "malmø", []string{"Cafe\u0301 Noir: a\u030ale, [Malmö] og Göteborg, Aalborg og Ålborg."}},
		{"accents may be left out", "cafe noir", []string{"[Cafe\u0301] [Noir]: a\u030ale, Malmö og Göteborg, Aalborg og Ålborg."}},
		{"accents may be there", "café", []string{"[Cafe\u0301] Noir: a\u030ale, Malmö og Göteborg, Aalborg og Ålborg."}},
		{"an emoji is found and marked whole", "👩‍👩‍👧", []string{"[👩‍👩‍👧] Blåbærgrød på Ærø, sagde havnefogeden i Aarhus."}},
		{"marks count code points after emoji", "havnefogeden", []string{"👩‍👩‍👧 Blåbærgrød på Ærø, sagde [havnefogeden] i Aarhus."}},
		{"words are whole in whatever case", "datahub SIKKERNET", []string{"[DataHub] og [SikkerNet], 20 °C, don’t, 数据治理很重要"}},
		{"scripts without spaces", "治理", []string{"DataHub og SikkerNet, 20 °C, don’t, 数据[治理]很重要"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.found(w.owner, passages(q(c.query)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.query, diff)
			}
		})
	}
	t.Run("nothing but exclusions leaves out", func(t *testing.T) {
		if got := w.found(w.owner, passages(q("-register -e-mail -Ærø -datahub -Malmö -data -year"))); len(got) != 1 || !strings.Contains(got[0], "harbour") {
			t.Errorf("found %q", got)
		}
	})
	t.Run("no words find everything", func(t *testing.T) {
		page := w.search(w.owner, passages(q(` "" `)))
		if page.Total != 8 || len(page.Items) != 8 {
			t.Errorf("found %d", page.Total)
		}
	})
	t.Run("what the engine would leave out is refused", func(t *testing.T) {
		_, err := w.service.Search(w.ctx, w.owner, w.space, q("a b c d e f g h i j k"))
		refused(t, err, models.KindInvalid, "query_too_long")
		_, err = w.service.Search(w.ctx, w.owner, w.space, q(strings.Repeat("å", 501)))
		refused(t, err, models.KindInvalid, "query_too_long")
	})
	t.Run("a word too long for the engine is found nowhere", func(t *testing.T) {
		if got := w.found(w.owner, q("harbour "+strings.Repeat("å", 300))); len(got) != 0 {
			t.Errorf("found %q", got)
		}
	})
}

func refused(t *testing.T, err error, kind models.Kind, code string) {
	t.Helper()
	if models.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestFilteringAndCounting(t *testing.T) {
	w := newWorld(t)
	bo, ann := w.member("Bo", models.RoleCoder), w.member("Ann", models.RoleCoder)
	for _, s := range [][2]string{{"municipality", ""}, {"town hall", "municipality"}, {"archive", "town hall"}, {"agency office", ""}} {
		w.site(s[0], s[1])
	}
	w.participant("Mette")
	w.participant("Karl")
	with := func(site string, kind models.NoteKind, date models.Date, phase, language string, participants ...string) func(*coding.NoteFields) {
		return func(f *coding.NoteFields) {
			f.SiteID, f.Kind, f.ObservedOn, f.Phase, f.Language = new(w.ids[site]), &kind, &date, &phase, &language
			f.ParticipantIDs = &[]models.ID{}
			for _, p := range participants {
				*f.ParticipantIDs = append(*f.ParticipantIDs, w.ids[p])
			}
		}
	}
	w.note(w.owner, "one", "data one alpha\ndata one beta\ndata one gamma", with("town hall", models.KindInterview, "2022-03-01", "before", "da", "Mette"))
	w.note(w.owner, "two", "data two alpha\ndata two beta", with("archive", models.KindWorkshop, "2023-06-15", `"af\ter" OR type = "memo`, "en", "Mette", "Karl"))
	w.note(w.owner, "three", "data three alpha", with("agency office", models.KindInterview, "2024-12-31", "after", "en"))
	w.note(w.owner, "four", "data four alpha")
	w.put(w.owner, "one", "foundation", "data one alpha")
	w.put(w.owner, "one", "future", "one alpha\ndata") // reaches into the second passage
	w.put(bo, "one", "ground", "beta")
	w.put(bo, "two", "future", "two alpha")
	w.put(ann, "two", "future", "alpha")
	w.put(ann, "two", "agency", "beta")
	w.put(bo, "three", "agency", "three")
	w.settle()

	ids := func(names ...string) []models.ID {
		var out []models.ID
		for _, n := range names {
			out = append(out, w.ids[n])
		}
		return out
	}
	type request = coding.SearchRequest
	for _, c := range []struct {
		name string
		ask  request
		want string
	}{
		{"nothing left out", request{}, "four alpha, one alpha, one beta, one gamma, three alpha, two alpha, two beta"},
		{"a site and all within it", request{Sites: ids("town hall")}, "one alpha, one beta, one gamma, two alpha, two beta"},
		{"a site within another", request{Sites: ids("archive")}, "two alpha, two beta"},
		{"any of the sites", request{Sites: ids("archive", "agency office")}, "three alpha, two alpha, two beta"},
		{"a site that isn't there", request{Sites: []models.ID{models.NewID()}}, ""},
		{"a kind", request{Kinds: []models.NoteKind{models.KindInterview}}, "one alpha, one beta, one gamma, three alpha"},
		{"any of the kinds", request{Kinds: []models.NoteKind{models.KindWorkshop, models.KindFieldNote}}, "four alpha, two alpha, two beta"},
		{"a code with its sub-codes", request{AnyCodes: ids("foundation")}, "one alpha, one beta"},
		{"a sub-code", request{AnyCodes: ids("ground")}, "one beta"},
		{"any of the codes", request{AnyCodes: ids("ground", "agency")}, "one beta, three alpha, two beta"},
		{"all of the codes", request{AllCodes: ids("foundation", "future")}, "one alpha, one beta"},
		{"all and any", request{AllCodes: ids("future"), AnyCodes: ids("ground", "agency")}, "one beta"},
		{"none of the codes", request{NoCodes: ids("foundation", "agency")}, "four alpha, one gamma, two alpha"},
		{"all but none", request{AllCodes: ids("future"), NoCodes: ids("foundation")}, "two alpha"},
		{"a coder", request{Coders: ids("Bo")}, "one beta, three alpha, two alpha"},
		{"any of the coders", request{Coders: ids("Ann", "Lea")}, "one alpha, one beta, two alpha, two beta"},
		{"a coder's code", request{Coders: ids("Bo"), AnyCodes: ids("future")}, "two alpha"},
		{"a coder's code, not another's on the same words", request{Coders: ids("Ann"), AnyCodes: ids("ground", "agency")}, "two beta"},
		{"a code of one coder on words that another coded", request{Coders: ids("Lea"), AnyCodes: ids("ground")}, ""},
		{"a coder's codes, all of them", request{Coders: ids("Lea"), AllCodes: ids("foundation", "future")}, "one alpha"},
		{"codes that a coder hasn't put", request{Coders: ids("Ann"), NoCodes: ids("agency")}, "two alpha"},
		{"a participant", request{Participants: ids("Mette")}, "one alpha, one beta, one gamma, two alpha, two beta"},
		{"another participant", request{Participants: ids("Karl")}, "two alpha, two beta"},
		{"a phase", request{Phase: "before"}, "one alpha, one beta, one gamma"},
		{"a phase with quotation marks in it", request{Phase: `"af\ter" OR type = "memo`}, "two alpha, two beta"},
		{"a language", request{Language: "en"}, "three alpha, two alpha, two beta"},
		{"from a date", request{From: "2023-06-15"}, "three alpha, two alpha, two beta"},
		{"up to a date", request{To: "2023-06-15"}, "one alpha, one beta, one gamma, two alpha, two beta"},
		{"between two dates", request{From: "2022-03-02", To: "2024-12-30"}, "two alpha, two beta"},
		{"several at once", request{Sites: ids("municipality"), Kinds: []models.NoteKind{models.KindInterview}, AnyCodes: ids("future"), Coders: ids("Lea"), From: "2022-01-01"}, "one alpha, one beta"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ask.Q = "data"
			found := w.found(w.owner, passages(c.ask))
			for i := range found {
				found[i] = strings.TrimPrefix(found[i], "[data] ")
			}
			if got := strings.Join(found, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	t.Run("facets count all hits by what they carry", func(t *testing.T) {
		page := w.search(w.owner, request{Q: "data", Limit: 1})
		got := map[string]string{
			"type": w.counts(page.Facets.Type), "site": w.counts(page.Facets.Site), "kind": w.counts(page.Facets.Kind), "code": w.counts(page.Facets.Code),
			"coder": w.counts(page.Facets.Coder), "participant": w.counts(page.Facets.Participant), "phase": w.counts(page.Facets.Phase), "language": w.counts(page.Facets.Language),
		}
		want := map[string]string{
			"type": "code 3, passage 7", "site": "agency office 1, archive 2, town hall 3", "kind": "fieldNote 1, interview 4, workshop 2",
			"code": "agency 2, foundation 1, future 3, ground 1", "coder": "Ann 2, Bo 3, Lea 2", "participant": "Karl 2, Mette 5",
			"phase": `"af\ter" OR type = "memo 2, after 1, before 3`, "language": "da 3, en 3",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("facets (-want +got):\n%s", diff)
		}
		if page.Total != 10 {
			t.Errorf("total %d", page.Total)
		}
	})
	t.Run("facets count what is left by a filter", func(t *testing.T) {
		page := w.search(w.owner, passages(request{Q: "data", Coders: ids("Bo"), AnyCodes: ids("future")}))
		if got := w.counts(page.Facets.Code) + "; " + w.counts(page.Facets.Coder) + "; " + w.counts(page.Facets.Site); got != "future 1; Ann 1, Bo 1; archive 1" {
			t.Errorf("facets %s", got)
		}
	})
	t.Run("hits tell where they come from", func(t *testing.T) {
		page := w.search(w.owner, passages(request{Q: "two alpha"}))
		hit := page.Items[0]
		want := coding.Hit{
			Type: coding.HitPassage, NoteID: w.ids["two"], Start: 0, End: 14, Text: "data two alpha", Marks: [][2]int{{5, 8}, {9, 14}},
			Codes: ids("future"), Title: "two", Kind: models.KindWorkshop, SiteID: w.ids["archive"], ObservedOn: "2023-06-15", Language: "en", Block: 1, BlockKind: models.BlockParagraph,
		}
		if diff := cmp.Diff(want, hit); diff != "" {
			t.Errorf("hit (-want +got):\n%s", diff)
		}
	})
	t.Run("the newest or the oldest first, and those without a date last", func(t *testing.T) {
		for order, want := range map[coding.SearchOrder]string{
			coding.OrderNewest: "three two one four", coding.OrderOldest: "one two three four",
		} {
			var got []string
			for _, h := range w.search(w.owner, passages(request{Q: "alpha", Order: order})).Items {
				got = append(got, h.Title)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %v, want %s", order, got, want)
			}
		}
	})
	t.Run("a merged code stands for the one it was merged into", func(t *testing.T) {
		_, err := w.service.MergeCode(w.ctx, w.owner, w.space, w.ids["future"], w.ids["agency"], 0)
		w.must(err)
		w.settle()
		for _, code := range []string{"future", "agency"} {
			got := w.found(w.owner, passages(request{AllCodes: ids(code)}))
			if diff := cmp.Diff([]string{"data one alpha", "data one beta", "data three alpha", "data two alpha", "data two beta"}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", code, diff)
			}
		}
		if got := w.found(w.owner, request{Q: `"as future"`}); len(got) != 0 {
			t.Errorf("the merged code is found: %v", got)
		}
	})
	t.Run("what makes no sense is refused", func(t *testing.T) {
		many := make([]models.ID, 501)
		for code, r := range map[string]request{
			"kind_unknown": {Kinds: []models.NoteKind{"diary"}}, "type_unknown": {Types: []coding.HitType{"note"}}, "order_unknown": {Order: "title"},
			"limit_out_of_range": {Limit: 201}, "filter_too_long": {Sites: many},
		} {
			_, err := w.service.Search(w.ctx, w.owner, w.space, r)
			refused(t, err, models.KindInvalid, code)
		}
	})
}

func TestAnIndexThatIsJustBeingMadeHasNothingToFindYet(t *testing.T) {
	prefix := enginetest.Prefix(t)
	w := emptyWorld(t, prefix) // no indexer runs: the test makes indexes as it does, but no more than the first half
	w.note(w.owner, "one", "the herring")
	url, key := enginetest.Meili(t)
	engine := meilisearch.New(url, meilisearch.WithAPIKey(key))
	shared := prefix + string(w.space)
	for _, uid := range []string{shared, shared + "_" + string(w.owner.UserID)} {
		task, err := engine.CreateIndexWithContext(w.ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"})
		w.must(err)
		_, err = engine.WaitForTaskWithContext(w.ctx, task.TaskUID, 5*time.Millisecond)
		w.must(err)
		if page := w.search(w.owner, passages(q("herring"))); page.Total != 0 || len(page.Items) != 0 {
			t.Errorf("%d hits", page.Total)
		}
	}
	w.run(w.indexer)
	w.settle()
	if page := w.search(w.owner, q("herring")); page.Total != 1 {
		t.Errorf("%d hits", page.Total)
	}
}
