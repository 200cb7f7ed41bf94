package api

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/paper"
	"feltbog/teaching"
)

// paperWords are the words of what is taken out, in one language.
type paperWords struct {
	language                                                                string
	organisation, kind, why, evidence, reason, withdrawn, seenOn, words     string
	submitted, late, notSubmitted, receipt, mark, feedback, remark, codedAs string
	nothing, people, marksFile                                              string
	kinds                                                                   map[models.OrganisationKind]string
	heads                                                                   []string
	yes, no                                                                 string
}

var (
	englishPaper = paperWords{
		language: "en", organisation: "Organisation", kind: "Kind", why: "Why this one", evidence: "Evidence", reason: "Why it matters",
		withdrawn: "This note was withdrawn; its words are gone.", seenOn: "seen on", words: "words", submitted: "Submitted", late: "late",
		notSubmitted: "Not submitted. This is what was written by then.", receipt: "Receipt", mark: "Mark", feedback: "Feedback", remark: "On", codedAs: "Code",
		nothing: "Nothing was answered.", people: "People", marksFile: "answers and marks.csv", yes: "yes", no: "no",
		kinds: map[models.OrganisationKind]string{
			models.OrganisationMinistry: "ministry", models.OrganisationAgency: "agency", models.OrganisationRegion: "region", models.OrganisationMunicipality: "municipality",
			models.OrganisationHealth: "health and care", models.OrganisationSchool: "school or day care", models.OrganisationUniversity: "university",
			models.OrganisationCulture: "culture", models.OrganisationJustice: "police and justice", models.OrganisationWork: "jobs and benefits",
			models.OrganisationUtility: "utility or transport", models.OrganisationOther: "other",
		},
		heads: []string{"Name", "People", "E-mail", "Organisation", "Kind", "Prompt", "Code", "Answer", "Words", "Passages", "Evidence", "Submitted", "Late", "Hash", "Mark", "Comment", "Remarks", "Returned"},
	}
	danishPaper = paperWords{
		language: "da", organisation: "Organisation", kind: "Slags", why: "Hvorfor netop den", evidence: "Belæg", reason: "Hvorfor det betyder noget",
		withdrawn: "Noten er trukket tilbage; dens ord er væk.", seenOn: "set", words: "ord", submitted: "Afleveret", late: "for sent",
		notSubmitted: "Ikke afleveret. Dette er, hvad der var skrevet.", receipt: "Kvittering", mark: "Karakter", feedback: "Tilbagemelding", remark: "Til", codedAs: "Kode",
		nothing: "Der er ikke svaret.", people: "Deltagere", marksFile: "svar og karakterer.csv", yes: "ja", no: "nej",
		kinds: map[models.OrganisationKind]string{
			models.OrganisationMinistry: "ministerium", models.OrganisationAgency: "styrelse", models.OrganisationRegion: "region", models.OrganisationMunicipality: "kommune",
			models.OrganisationHealth: "sundhed og pleje", models.OrganisationSchool: "skole eller dagtilbud", models.OrganisationUniversity: "universitet",
			models.OrganisationCulture: "kultur", models.OrganisationJustice: "politi og domstole", models.OrganisationWork: "job og ydelser",
			models.OrganisationUtility: "forsyning eller transport", models.OrganisationOther: "andet",
		},
		heads: []string{"Navn", "Deltagere", "E-mail", "Organisation", "Slags", "Spørgsmål", "Kode", "Svar", "Ord", "Citater", "Belæg", "Afleveret", "For sent", "Fingeraftryk", "Karakter", "Kommentar", "Bemærkninger", "Givet tilbage"},
	}
	workKeys = []string{"name", "people", "email", "organisation", "kind", "prompt", "code", "answer", "words", "passages", "evidence", "submitted", "late", "hash", "mark", "comment", "remarks", "returned"}
)

// paperWordsIn gives the words in a language, English if it is empty.
func paperWordsIn(language string) (*paperWords, error) {
	switch language {
	case "", "en":
		return &englishPaper, nil
	case "da":
		return &danishPaper, nil
	}
	return nil, models.OneOf(language, []string{"en", "da"}, "language_unknown", "/language")
}

// paper makes a submission what is printed.
func (p *paperWords) paper(w *teaching.Work) paper.Paper {
	out := paper.Paper{Title: w.Exercise.Title.In(p.language), Author: w.Name, Language: p.language, Created: w.At}
	add := func(parts ...paper.Part) { out.Parts = append(out.Parts, parts...) }
	if len(w.People) > 1 {
		add(paper.Line(paper.Small, p.people+": "+strings.Join(names(w), ", "), ""))
	}
	if h := w.HandIn; h != nil {
		add(paper.Line(paper.Small, p.handedIn(w, h), ""), paper.Line(paper.Small, fmt.Sprintf("%s %d: %s", p.receipt, h.Number, h.Hash), ""))
	} else {
		add(paper.Line(paper.Small, p.notSubmitted, ""))
	}
	if o := w.Organisation; o != (models.Organisation{}) {
		add(paper.Line(paper.Heading, p.organisation, ""), paper.Line(paper.Body, strings.TrimSuffix(o.Name+" ("+p.kinds[o.Kind]+")", " ()"), ""))
		if o.Why != "" {
			add(paper.Verbatim(paper.Body, p.why+": "+o.Why))
		}
	}
	for i := range w.Answers {
		add(p.answer(w, i)...)
	}
	if f := w.Feedback; f != nil && f.Mark+f.Comment != "" {
		add(paper.Line(paper.Heading, p.feedback, ""))
		if f.Mark != "" {
			add(paper.Line(paper.Body, p.mark+": "+f.Mark, ""))
		}
		if f.Comment != "" {
			add(paper.Written(paper.Body, f.Comment))
		}
	}
	return out
}

func (p *paperWords) handedIn(w *teaching.Work, h *models.HandIn) string {
	line := p.submitted + " " + h.At.UTC().Format("2006-01-02 15:04") + " UTC"
	if w.Late {
		line += ", " + p.late
	}
	return line
}

func (p *paperWords) answer(w *teaching.Work, i int) []paper.Part {
	a := &w.Answers[i]
	parts := []paper.Part{
		paper.Line(paper.Heading, strconv.Itoa(i+1)+". "+a.Title.In(p.language), ""), paper.Verbatim(paper.Small, a.Question.In(p.language)),
	}
	if strings.TrimSpace(a.Text) == "" {
		parts = append(parts, paper.Line(paper.Body, p.nothing, ""))
	} else {
		parts = append(parts, paper.Written(paper.Body, a.Text), paper.Line(paper.Small, fmt.Sprintf("%d %s", a.Words, p.words), ""))
	}
	if len(a.Evidence) > 0 {
		parts = append(parts, paper.Line(paper.Subheading, p.evidence, ""))
	}
	for j := range a.Evidence {
		e := &a.Evidence[j]
		quote, source, address := p.passage(w, e)
		if quote != "" {
			parts = append(parts, paper.Verbatim(paper.Passage, quote))
		}
		if source != "" {
			parts = append(parts, paper.Line(paper.Small, source, address))
		}
		if e.Why != "" {
			parts = append(parts, paper.Verbatim(paper.Body, p.reason+": "+e.Why))
		}
	}
	if w.Feedback == nil {
		return parts
	}
	for _, r := range w.Feedback.Remarks {
		if r.PromptID == a.PromptID {
			parts = append(parts, paper.Verbatim(paper.Small, p.remarked(r)))
		}
	}
	return parts
}

func (p *paperWords) remarked(r models.Remark) string {
	if r.Quote == "" {
		return p.feedback + ": " + r.Text
	}
	return fmt.Sprintf("%s “%s”: %s", p.remark, r.Quote, r.Text)
}

// passage gives the words of evidence, where they are from, and the address of that if it is on the web.
func (p *paperWords) passage(w *teaching.Work, e *models.Evidence) (quote, source, address string) {
	switch {
	case e.Withdrawn:
		return p.withdrawn, "", ""
	case e.Web != nil:
		source = e.Web.Title
		if source == "" {
			source = e.Web.URL
		}
		if e.Web.SeenOn != "" {
			source += ", " + p.seenOn + " " + string(e.Web.SeenOn)
		}
		return e.Web.Quote, source, e.Web.URL
	case e.Anchor != nil:
		s := w.Sources[e.NoteID]
		source = s.Title
		if s.ObservedOn != "" {
			source += ", " + string(s.ObservedOn)
		}
		return e.Anchor.Quote, source, ""
	}
	return "", "", ""
}

func names(w *teaching.Work) []string {
	out := make([]string, len(w.People))
	for i, m := range w.People {
		out[i] = m.Name
	}
	return out
}

func (p *paperWords) columns() []exchange.Column {
	columns := make([]exchange.Column, len(workKeys))
	for i, key := range workKeys {
		columns[i] = exchange.Column{Key: key, Title: p.heads[i]}
	}
	return columns
}

// row is one answer in the table of all.
func (p *paperWords) row(w *teaching.Work, i int) []exchange.Cell {
	a := &w.Answers[i]
	emails := make([]string, len(w.People))
	for j, m := range w.People {
		emails[j] = m.Email
	}
	var evidence, remarks []string
	for j := range a.Evidence {
		quote, source, address := p.passage(w, &a.Evidence[j])
		evidence = append(evidence, strings.Join(strings.Fields(fmt.Sprintf("“%s” %s %s", quote, source, address)), " "))
	}
	var f models.Feedback
	if w.Feedback != nil {
		f = *w.Feedback
	}
	for _, r := range f.Remarks {
		if r.PromptID == a.PromptID {
			remarks = append(remarks, p.remarked(r))
		}
	}
	submitted, hash, late := "", "", p.no
	if h := w.HandIn; h != nil {
		submitted, hash = h.At.UTC().Format(time.RFC3339), h.Hash
	}
	if w.Late {
		late = p.yes
	}
	returned := ""
	if w.ReturnedAt != nil {
		returned = w.ReturnedAt.UTC().Format(time.RFC3339)
	}
	return []exchange.Cell{
		exchange.Text(w.Name), exchange.Text(strings.Join(names(w), "; ")), exchange.Text(strings.Join(emails, "; ")),
		exchange.Text(w.Organisation.Name), exchange.Text(p.kinds[w.Organisation.Kind]), exchange.Text(a.Title.In(p.language)), exchange.Text(w.Codes[a.CodeID]),
		exchange.Text(a.Text), exchange.Number(a.Words), exchange.Number(len(a.Evidence)), exchange.Text(strings.Join(evidence, "\n")),
		exchange.Text(submitted), exchange.Text(late), exchange.Text(hash), exchange.Text(f.Mark), exchange.Text(f.Comment), exchange.Text(strings.Join(remarks, "\n")), exchange.Text(returned),
	}
}

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
