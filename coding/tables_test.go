package coding_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

func (*reader) Table(_ context.Context, name string, data []byte, _ models.ReadOptions, attributes []models.Attribute) (*coding.TableReading, error) {
	sheet, err := exchange.ReadSheet(name, data, exchange.Options{})
	if err != nil {
		return nil, err
	}
	table := exchange.GuessTable(&sheet, attributes)
	kept, err := json.Marshal(sheet)
	return &coding.TableReading{Table: table, Format: "csv", MediaType: "text/csv", Encoding: sheet.Encoding, Kept: kept}, err
}

func (*reader) Rows(kept []byte, m models.TableMapping, attributes []models.Attribute) ([]models.TableRow, error) {
	var sheet exchange.Sheet
	if err := json.Unmarshal(kept, &sheet); err != nil {
		return nil, err
	}
	return exchange.TableRows(&sheet, m, attributes)
}

// table reads lines as the import in one step does.
func (st *study) table(lines ...string) coding.Table {
	st.t.Helper()
	sheet, err := exchange.ReadSheet("a.csv", []byte(strings.Join(lines, "\n")), exchange.Options{})
	st.must(err)
	attributes := st.project().Attributes
	guess := exchange.GuessTable(&sheet, attributes)
	rows, err := exchange.TableRows(&sheet, guess.Mapping(), attributes)
	st.must(err)
	return coding.Table{Mapping: guess.Mapping(), Rows: rows}
}

func (st *study) importTable(who models.Actor, lines ...string) coding.TableResult {
	st.t.Helper()
	out, err := st.service.ImportTable(st.ctx, who, st.space, st.table(lines...))
	st.must(err)
	return out
}

// told writes what became of rows.
func told(out coding.TableResult) string {
	var rows []string
	for _, r := range out.Rows {
		words := fmt.Sprintf("%d %s", r.Row, r.Status)
		if r.Problem != nil {
			words += " " + r.Problem.Code
		}
		rows = append(rows, words)
	}
	return fmt.Sprintf("%s; %d notes, %d sites, %d participants", strings.Join(rows, ", "), out.Notes, out.Sites, out.Participants)
}

func TestATableOfNotes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	lines := []string{
		"Title;Kind;Date;Site;Participants;Text;Recorded;Source",
		"One;Feltnote;3.4.2024;Town hall;Karen og Ole;\"Words\n\nand more\";ja;Register",
		";møde;4.4.2024;town HALL;karen;The words of a meeting that had no title but went on for a long while all the same;nej;Memory",
		"Three;essay;4.4.2024;;;Words;;",
		"Four;Interview;4.4.2024;;;;;",
		"Five;Interview;4.4.2024;;;Words;;Register",
		"Six;;;;;Words;;Register",
		"Seven;;;;;Words;;Memory",
		"Eight;;;;;Words;;Memory",
	}
	out := st.importTable(st.owner, lines...)
	if got := told(out); got != "2 created, 5 created, 6 refused row_invalid, 7 refused row_invalid, 8 created, 9 created, 10 created, 11 created; 6 notes, 1 sites, 2 participants" {
		t.Fatal(got)
	}
	project := st.project()
	recorded, source := project.Attributes[0], project.Attributes[1]
	if recorded.Name != "Recorded" || recorded.Type != models.AttributeBoolean || source.Type != models.AttributeChoice {
		t.Fatalf("new attributes: %+v", project.Attributes)
	}
	n, err := st.service.Note(st.ctx, st.owner, st.space, out.Rows[0].NoteID)
	st.must(err)
	site, err := st.service.Site(st.ctx, st.owner, st.space, n.SiteID)
	st.must(err)
	if n.Title != "One" || n.Kind != models.KindFieldNote || n.ObservedOn != "2024-04-03" || site.Name != "Town hall" || len(n.ParticipantIDs) != 2 {
		t.Errorf("the first row is %+v at %s", n, site.Name)
	}
	if diff := cmp.Diff(models.Attributes{recorded.ID: true, source.ID: "Register"}, n.Attributes); diff != "" {
		t.Errorf("its values (-want +got):\n%s", diff)
	}
	text, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
	st.must(err)
	if text.Text != "Words\n\nand more" || len(text.Blocks) != 2 {
		t.Errorf("its text is %q in %d blocks", text.Text, len(text.Blocks))
	}
	second, err := st.service.Note(st.ctx, st.owner, st.space, out.Rows[1].NoteID)
	st.must(err)
	if second.Title != "The words of a meeting that had no title but went on for a…" || second.Kind != models.KindMeetingObservation || second.SiteID != n.SiteID {
		t.Errorf("the second row is %+v", second)
	}

	t.Run("the same rows make nothing twice, and more rows the rest", func(t *testing.T) {
		st.t = t
		again := st.importTable(st.owner, append(lines, "Nine;;;;;Words;;Memory", "Nine;;;;;Words;;Memory")...)
		if got := told(again); !strings.HasPrefix(got, "2 duplicate, 5 duplicate, 6 refused row_invalid, 7 refused row_invalid, 8 duplicate, 9 duplicate, 10 duplicate, 11 duplicate, 12 created, 13 created; 2 notes, 0 sites") {
			t.Error(got)
		}
		if again.Rows[0].NoteID != n.ID {
			t.Error("a duplicate names another note")
		}
	})
	t.Run("it can be taken back as one deed", func(t *testing.T) {
		st.t = t
		made := st.history(coding.EventQuery{RecordID: n.ID})[0]
		if made.Batch == "" {
			t.Fatal("the rows are no batch")
		}
		_, err := st.service.Undo(st.ctx, st.owner, st.space, made.ID, false)
		st.must(err)
		page, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{}, models.Page{Limit: 100})
		st.must(err)
		if len(page.Items) != 2 {
			t.Errorf("%d notes are left", len(page.Items))
		}
	})
}

func TestTablesAndRights(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	coder, reader := st.member("bo", models.RoleCoder), st.member("ida", models.RoleReader)
	notes := st.table("Title,Text,Site", "One,Words,Nowhere", "Two,Words,")
	_, err := st.service.ImportTable(st.ctx, reader, st.space, notes)
	st.refused(err, "role_insufficient")
	out, err := st.service.ImportTable(st.ctx, coder, st.space, notes)
	st.must(err)
	if got := told(out); got != "2 refused site_unknown, 3 created; 1 notes, 0 sites, 0 participants" {
		t.Error(got)
	}
	_, err = st.service.ImportTable(st.ctx, coder, st.space, st.table("Title,Text,Mood", "One,Words,Glad"))
	st.refused(err, "role_insufficient")
	_, err = st.service.ImportTable(st.ctx, coder, st.space, st.table("Name,Parent", "A,"))
	st.refused(err, "role_insufficient")
	people, err := st.service.ImportTable(st.ctx, coder, st.space, st.table("Pseudonym,Role", "Karen,manager"))
	st.must(err)
	if people.Participants != 1 {
		t.Errorf("%+v", people)
	}
}

func TestATableOfSites(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	lines := []string{
		"Navn;Hører under;Slags", "Borgerservice;Rådhuset;kontor", "Rådhuset;kommunen;hus", "Kommunen;;kommune", "Skolen;Nowhere;", "rådhuset;;", "A;B;", "B;A;",
	}
	out := st.importTable(st.owner, lines...)
	if got := told(out); got != "2 created, 3 created, 4 created, 5 refused site_unknown, 6 duplicate, 7 refused site_cycle, 8 refused site_cycle; 0 notes, 3 sites, 0 participants" {
		t.Error(got)
	}
	page, err := st.service.Sites(st.ctx, st.owner, st.space, models.Page{Limit: 10})
	st.must(err)
	names := map[models.ID]string{}
	for _, s := range page.Items {
		names[s.ID] = s.Name
	}
	var tree []string
	for _, s := range page.Items {
		tree = append(tree, s.Name+"<"+names[s.ParentID])
	}
	if got := strings.Join(tree, " "); got != "Kommunen< Rådhuset<Kommunen Borgerservice<Rådhuset" {
		t.Error(got)
	}
	if got := told(st.importTable(st.owner, lines[:4]...)); got != "2 duplicate, 3 duplicate, 4 duplicate; 0 notes, 0 sites, 0 participants" {
		t.Error(got)
	}
}

func TestATableOfParticipants(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	out := st.importTable(st.owner, "Pseudonym,Role,Site,Description", "Karen,manager,Town hall,Knows all", "karen,,,", "Ole,caseworker,Town hall,", ",manager,,")
	if got := told(out); got != "2 created, 3 duplicate, 4 created, 5 refused row_invalid; 0 notes, 1 sites, 2 participants" {
		t.Error(got)
	}
	page, err := st.service.Participants(st.ctx, st.owner, st.space, "", models.Page{Limit: 10})
	st.must(err)
	if p := page.Items[0]; p.Pseudonym != "Karen" || p.ActorRole != "manager" || p.SiteID == "" || p.Description != "Knows all" {
		t.Errorf("%+v", p)
	}
}

func TestManyRows(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	lines := []string{"Title,Text,Theme"}
	for i := range 450 {
		lines = append(lines, fmt.Sprintf("Note %d,Words %d,%s", i, i, []string{"Red", "green", "Green"}[i%3]))
	}
	lines[300] = strings.Repeat("long ", 100) + ",Words,Red"
	out := st.importTable(st.owner, lines...)
	if out.Notes != 450 || len(out.Rows) != 450 {
		t.Errorf("%d notes of %d rows", out.Notes, len(out.Rows))
	}
	if a := st.project().Attributes[0]; a.Type != models.AttributeChoice || strings.Join(a.Choices, " ") != "Red green" {
		t.Errorf("%+v", a)
	}
}

func TestCommitOfATable(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	p := st.reading(st.process())
	words := "Title,Date,Text,Mood\nOne,03/04/2024,Words,Glad\nTwo,05/06/2024,,Sad\n"
	v := st.upload(p, "notes.csv", words)
	if v.Table == nil || v.Table.Of != models.TableNotes || v.Table.Rows != 2 || len(v.Table.Questions) != 1 || v.Document != nil {
		t.Fatalf("understood: %+v", v.Table)
	}
	commit := func(item coding.CommitItem) coding.Committed {
		t.Helper()
		item.UploadID = v.ID
		all, err := p.CommitUploads(st.ctx, st.owner, st.space, []coding.CommitItem{item})
		st.must(err)
		return all[0]
	}
	if got := commit(coding.CommitItem{As: coding.AsTable}); got.Problem == nil || got.Problem.Code != "table_ambiguous" {
		t.Errorf("with a question: %+v", got)
	}
	mapping := v.Table.Mapping()
	mapping.DateOrder = models.OrderDMY
	got := commit(coding.CommitItem{As: coding.AsTable, Table: &mapping, SiteName: "Town hall"})
	if got.Result.Status != "created" || got.Result.Notes != 1 || got.Problem == nil || got.Problem.Code != "rows_refused" || !strings.Contains(got.Problem.Sentence, "3.") {
		t.Errorf("committed: %+v %v", got.Result, got.Problem)
	}
	if again := commit(coding.CommitItem{As: coding.AsTable, Table: &mapping}); again.Result.Notes != 1 || again.Problem == nil {
		t.Errorf("committed again: %+v", again)
	} else if diff := cmp.Diff(got.Problem.Fields, again.Problem.Fields); diff != "" || got.Problem.Fields[0].Code != "value_missing" {
		t.Errorf("what is the matter with the row: %+v %s", got.Problem.Fields, diff)
	}
	page, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{}, models.Page{Limit: 10})
	st.must(err)
	if len(page.Items) != 1 || page.Items[0].ObservedOn != "2024-04-03" || page.Items[0].File != nil || page.Items[0].SiteID == "" {
		t.Errorf("notes: %+v", page.Items)
	}

	t.Run("a commit that broke off is taken up again", func(t *testing.T) {
		st.t = t
		v = st.upload(p, "more.csv", "Title,Text\nA,Words\nB,Words\n")
		kept, err := p.Upload(st.ctx, st.owner, st.space, v.ID)
		st.must(err)
		first := commit(coding.CommitItem{})
		// As it was before the upload was marked as committed.
		st.must(st.db.SaveUpload(st.ctx, kept.Upload))
		second := commit(coding.CommitItem{})
		if first.Result.Notes != 2 || second.Result.Notes != 2 {
			t.Errorf("%+v, then %+v", first.Result, second.Result)
		}
		page, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{}, models.Page{Limit: 10})
		st.must(err)
		if len(page.Items) != 3 {
			t.Errorf("%d notes", len(page.Items))
		}
	})
}
