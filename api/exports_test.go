package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// table reads a CSV as rows by the titles of their columns.
func (r *reply) table() []map[string]string {
	r.t.Helper()
	body, marked := bytes.CutPrefix(r.raw, []byte("\ufeff"))
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if !marked || err != nil || len(rows) == 0 {
		r.t.Fatalf("%s: no CSV: %v\n%.1000s", r.what, err, r.raw)
	}
	out := []map[string]string{}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, title := range rows[0] {
			m[title] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// column gives the cells of one column.
func column(rows []map[string]string, title string) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r[title])
	}
	return out
}

// lines reads JSON Lines.
func (r *reply) lines() []object {
	r.t.Helper()
	var out []object
	for d := json.NewDecoder(bytes.NewReader(r.raw)); ; {
		var o object
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			r.t.Fatalf("%s: %v", r.what, err)
		}
		out = append(out, o)
	}
}

func TestExports(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.TempDir = temp })
	lea := w.User("lea").Project("Havnsø / \"2026\"")
	lea.Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	bo, ida := lea.As("bo"), lea.As("ida")
	site := lea.post(lea.path+"/sites", object{"name": "The town hall", "kind": "municipality"}).want(http.StatusCreated).id()
	karen := lea.post(lea.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated).id()
	jonas := lea.post(lea.path+"/participants", object{"pseudonym": "Jonas"}).want(http.StatusCreated).id()
	barrier := lea.post(lea.path+"/codes", object{"name": "Barrier", "parentId": lea.Code("foundation")}).want(http.StatusCreated).id()

	n := lea.Note("Æ🙂 the registers carry us.\n\n=SUM(all) says Karen.", object{
		"kind": "meetingObservation", "siteId": site, "participantIds": array{jonas, karen}, "startsAt": "09:00", "endsAt": "10:30",
		"phase": "Entry", "meeting": object{"purpose": "Budget", "agenda": array{"Minutes", "Money"}},
	})
	n.Coding("foundation", "the registers")
	first := n.coding
	second := bo.post(bo.path+"/codings", object{"noteId": n.id, "codeId": barrier, "anchor": n.Anchor("=SUM(all)")}).want(http.StatusCreated).id()
	memo := func(who *project, coding, text string, private bool) {
		t.Helper()
		who.post(who.path+"/memos", object{"target": object{"noun": "coding", "id": coding}, "text": text, "private": private}).want(http.StatusCreated)
	}
	memo(lea, first, "Shared by Lea.", false)
	memo(bo, first, "Bo's own.", true)
	memo(bo, first, "Shared by Bo.", false)
	draft := bo.Note("A draft of Bo's.", object{"title": "Bo's draft", "draft": true})
	draft.Coding("future", "draft")
	binned := lea.Note("A note in the bin.")
	binned.Coding("future", "bin")
	lea.delete(binned.at).want(http.StatusNoContent)

	t.Run("codings come with what they are read by", func(t *testing.T) {
		w.in(t)
		rows := ida.get(ida.path + "/exports/codings").want(http.StatusOK).table()
		if got := column(rows, "Coding id"); !slices.Equal(got, []string{second, first}) {
			t.Fatalf("the codings are %v", got)
		}
		for title, want := range map[string]string{
			"Site": "The town hall", "Note": "A day at the town hall", "Kind": "meetingObservation", "Observed on": "2025-03-04",
			"Participants": "Jonas; Karen", "Coder": "bo", "Code": "Data as foundation / Barrier", "Quote": "'=SUM(all)",
			"Start": "28", "End": "37", "Text version": "1", "Memos": "", "Note id": n.id, "Code id": barrier, "Coder id": bo.person.id, "Site id": site,
		} {
			if got := rows[0][title]; got != want {
				t.Errorf("%s is %q, want %q", title, got, want)
			}
		}
		if _, err := time.Parse(time.RFC3339, rows[0]["Created at"]); err != nil {
			t.Error(err)
		}
		if rows[1]["Coder"] != "lea" || rows[1]["Code"] != "Data as foundation" || rows[1]["Start"] != "3" || rows[1]["Memos"] != "Shared by Lea.\n\nShared by Bo." {
			t.Errorf("the other is %v", rows[1])
		}
	})

	t.Run("one's own drafts and private memos are in it, and nobody else's", func(t *testing.T) {
		w.in(t)
		of := func(who *project) []object {
			return who.get(who.path + "/exports/codings?format=jsonl").want(http.StatusOK).lines()
		}
		own, others := of(bo), of(lea)
		if len(own) != 3 || own[0]["note"] != "Bo's draft" || len(own[2]["memos"].([]any)) != 3 {
			t.Errorf("bo gets %v", own)
		}
		if len(others) != 2 || len(others[1]["memos"].([]any)) != 2 {
			t.Errorf("lea gets %v", others)
		}
		for _, what := range []string{"codings", "notes", "codebook"} {
			for _, who := range []*project{lea, ida} {
				if r := who.get(who.path + "/exports/" + what + "?format=jsonl").want(http.StatusOK); bytes.Contains(r.raw, []byte("draft")) || bytes.Contains(r.raw, []byte("Bo's own")) {
					t.Errorf("%s gets %s", who.name, r.raw)
				}
			}
		}
	})

	t.Run("codings are chosen as in their list", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string][]string{
			"code=" + lea.Code("foundation"):          {second, first},
			"code=" + barrier:                         {second},
			"coder=" + lea.person.id:                  {first},
			"site=" + site + "&to=2025-03-04":         {second, first},
			"from=2025-03-05":                         {},
			"note=" + draft.id:                        {},
			"note=" + n.id + "&coder=" + bo.person.id: {second},
			"review=true":                             {},
		} {
			if got := column(lea.get(lea.path+"/exports/codings?"+query).want(http.StatusOK).table(), "Coding id"); !slices.Equal(got, want) {
				t.Errorf("%s gives %v, want %v", query, got, want)
			}
		}
		lea.get(lea.path+"/exports/codings?format=pdf").refused(http.StatusUnprocessableEntity, "format_unknown")
		lea.get(lea.path+"/exports/notes?code="+barrier).refused(http.StatusUnprocessableEntity, "parameter_unknown")
	})

	t.Run("many come whole, each once", func(t *testing.T) {
		w.in(t)
		const many = 1_100 // more than two pages
		long := lea.Note(strings.Repeat("x", many))
		for start := 0; start < many; {
			items := array{}
			for ; start < many && len(items) < 1_000; start++ {
				items = append(items, object{"noteId": long.id, "codeId": barrier, "anchor": object{"start": start, "end": start + 1, "quote": "x"}})
			}
			lea.post(lea.path+"/codings/batch", object{"items": items}).want(http.StatusCreated)
		}
		got := column(lea.get(lea.path+"/exports/codings?note="+long.id).want(http.StatusOK).table(), "Coding id")
		slices.Sort(got)
		if n := len(slices.Compact(got)); len(got) != many || n != many {
			t.Errorf("%d come, %d of them different", len(got), n)
		}
		lea.delete(long.at).want(http.StatusNoContent)
	})

	t.Run("notes come with their words", func(t *testing.T) {
		w.in(t)
		got := ida.get(ida.path + "/exports/notes?format=jsonl").want(http.StatusOK).lines()
		if len(got) != 1 {
			t.Fatalf("the notes are %v", got)
		}
		for key, want := range map[string]any{
			"title": "A day at the town hall", "kind": "meetingObservation", "site": "The town hall", "observedOn": "2025-03-04",
			"startsAt": "09:00", "endsAt": "10:30", "observer": "lea", "language": "en", "phase": "Entry", "purpose": "Budget",
			"words": 8.0, "text": n.text, "id": n.id,
		} {
			if got[0][key] != want {
				t.Errorf("%s is %v, want %v", key, got[0][key], want)
			}
		}
		if !slices.Equal(got[0]["agenda"].([]any), []any{"Minutes", "Money"}) || !slices.Equal(got[0]["participants"].([]any), []any{"Jonas", "Karen"}) {
			t.Errorf("the note is %v", got[0])
		}
	})

	t.Run("the codebook is one that can be imported", func(t *testing.T) {
		w.in(t)
		r := ida.get(ida.path + "/exports/codebook").want(http.StatusOK)
		rows := r.table()
		codes := lea.get(lea.path + "/codes").want(http.StatusOK).items()
		i := slices.IndexFunc(rows, func(r map[string]string) bool { return r["Name"] == "Barrier" })
		if len(rows) != len(codes) || i < 1 || rows[i]["Path"] != "Data as foundation / Barrier" || rows[i]["Parent"] != "foundation" || rows[i]["Codings"] != "1" {
			t.Errorf("the codebook is %v", rows)
		}
		if future := rows[slices.Index(column(rows, "Key"), "future")]; future["Codings"] != "0" || future["Definition"] == "" || future["When not"] == "" {
			t.Errorf("a code is %v", future)
		}
		read, err := exchange.ReadCodebookCSV(r.raw)
		if err != nil || len(read) != len(codes) {
			t.Fatalf("%d codes are read again: %v", len(read), err)
		}
		for _, c := range read {
			if c.Key == "barrier" && c.ParentKey != "foundation" {
				t.Errorf("a code is read as %+v", c)
			}
		}
	})

	t.Run("a workbook can be opened, and nothing of it stays here", func(t *testing.T) {
		w.in(t)
		r := lea.get(lea.path + "/exports/codings?format=xlsx").want(http.StatusOK)
		book, err := excelize.OpenReader(bytes.NewReader(r.raw))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.GetRows("Sheet1")
		if err != nil || len(rows) != 3 || !slices.Contains(rows[1], "=SUM(all)") {
			t.Errorf("the rows are %v (%v)", rows, err)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("there are %v (%v)", left, err)
		}
	})

	t.Run("it is a file with a safe name", func(t *testing.T) {
		w.in(t)
		for format, mediaType := range map[string]string{
			"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		} {
			h := lea.get(lea.path + "/exports/notes?format=" + format).want(http.StatusOK).header
			file := "- -2026- notes " + time.Now().UTC().Format(time.DateOnly) + "." + format
			want := `attachment; filename="Havns_ ` + file + `"; filename*=UTF-8''Havns%C3%B8%20` + strings.ReplaceAll(file, " ", "%20")
			if h.Get("Content-Disposition") != want || h.Get("Content-Type") != mediaType || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("the headers are %v, want %s", h, want)
			}
		}
	})
}

func TestAnExportOfNothingIsAFileToo(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	for _, format := range []string{"csv", "jsonl", "xlsx"} {
		r := j.get(j.path + "/exports/codings?format=" + format).want(http.StatusOK)
		if !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment; ") || r.header.Get("Content-Type") == "" {
			t.Errorf("%s: the headers are %v", format, r.header)
		}
		if format == "jsonl" && len(r.raw) > 0 {
			t.Errorf("no codings are %q", r.raw)
		}
	}
}

// brokenTexts is a store whose texts can't be read, but for one note's.
type brokenTexts struct {
	coding.Store

	but models.ID
}

func (b brokenTexts) Text(ctx context.Context, note models.ID, version int) (*models.Text, error) {
	if note != b.but {
		return nil, models.Unavailable("store_unavailable", "The database doesn't answer.", errors.New("the disk is gone"))
	}
	return b.Store.Text(ctx, note, version)
}

func TestAnExportThatFailsIsNoFile(t *testing.T) {
	temp := t.TempDir()
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.TempDir = temp })
	j := w.User("lea").Project("Havnsø")
	long := j.Note(strings.Repeat("The registers carry us. ", 10_000))
	j.Note("The last.")
	breaking := func(but string) {
		o := w.options
		o.Service = coding.New(brokenTexts{w.db, models.ID(but)}, w.index, coding.Options{})
		w.serve(o)
	}

	breaking(long.id)
	for _, format := range []string{"csv", "jsonl"} {
		res, err := j.client.Do(j.request(request{method: http.MethodGet, path: j.path + "/exports/notes?format=" + format, header: http.Header{}}))
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK || len(read) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %d, %d bytes, and then %v", format, res.StatusCode, len(read), err)
		}
		id := res.Header.Get("X-Request-Id")
		eventually(t, "the log tells why", func() bool {
			for line := range strings.Lines(w.log.String()) {
				if strings.Contains(line, id) {
					return strings.Contains(line, `"level":"ERROR"`) && strings.Contains(line, "the disk is gone") && strings.Contains(line, "/exports/notes")
				}
			}
			return false
		})
	}

	// Nothing of a workbook goes out before all of it is there, and of a small file neither.
	for _, format := range []string{"xlsx", "csv", "jsonl"} {
		if format != "xlsx" {
			breaking("")
		}
		r := j.get(j.path+"/exports/notes?format="+format).refused(http.StatusServiceUnavailable, "store_unavailable")
		if r.header.Get("Content-Disposition") != "" || r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: the headers are %v", format, r.header)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("there are %v (%v)", left, err)
	}
}

// meanwhile is a store in which something happens while a page is read.
type meanwhile struct {
	coding.Store

	happens func()
}

func (m meanwhile) Users(ctx context.Context, ids []models.ID) (map[models.ID]*models.User, error) {
	m.happens()
	return m.Store.Users(ctx, ids)
}

func TestAnExportEndsWithTheMembership(t *testing.T) {
	w := newWorld(t)
	lea := w.User("lea").Project("Havnsø").Member("bo", models.RoleReader)
	bo := lea.As("bo")
	n := lea.Note(strings.Repeat("x", 1_000))
	items := array{}
	for start := range 1_000 { // two pages
		items = append(items, object{"noteId": n.id, "codeId": n.Code("foundation"), "anchor": object{"start": start, "end": start + 1, "quote": "x"}})
	}
	lea.post(lea.path+"/codings/batch", object{"items": items}).want(http.StatusCreated)

	service := w.options.Service
	removed := 0
	o := w.options
	o.Service = coding.New(meanwhile{w.db, func() {
		removed++
		if removed > 1 {
			return
		}
		if err := service.RemoveMember(context.WithoutCancel(t.Context()), models.Actor{UserID: models.ID(lea.person.id)}, models.ID(lea.id), models.ID(bo.person.id)); err != nil {
			t.Error(err)
		}
	}}, w.index, coding.Options{})
	w.serve(o)
	res, err := bo.client.Do(bo.request(request{method: http.MethodGet, path: bo.path + "/exports/codings", header: http.Header{}}))
	if err != nil {
		t.Fatal(err)
	}
	read, err := io.ReadAll(res.Body)
	res.Body.Close()
	if rows := bytes.Count(read, []byte("\r\n")); removed != 1 || rows > 501 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d with %d rows, %d pages, and then %v", res.StatusCode, rows, removed, err)
	}
}
