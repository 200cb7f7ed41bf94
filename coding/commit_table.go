package coding

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"feltbog/models"
)

// table makes notes, sites or participants of the rows of an upload. The rows of one that broke off are
// found again, so it can be committed once more.
func (c *commit) table(ctx context.Context, one *committing) error {
	u := one.upload
	if u.Table == nil {
		return models.Invalid("as_unknown", "This file is no table.", models.Field{Pointer: "/as", Problem: "no table"})
	}
	mapping := u.Table.Mapping()
	switch {
	case one.item.Table != nil:
		mapping = *one.item.Table
	case len(u.Table.Questions) > 0:
		return Ambiguous(u.Table.Questions)
	}
	p, err := c.s.store.Projects().Find(ctx, c.space, c.space)
	if err != nil {
		return err
	}
	kept, err := c.s.keptOf(ctx, u)
	if err != nil {
		return err
	}
	rows, err := c.s.files.Rows(kept, mapping, p.Attributes)
	if err != nil {
		return err
	}
	t := Table{Mapping: mapping, Rows: rows, Fields: one.item.Fields, SiteName: strings.TrimSpace(one.item.SiteName)}
	out, err := c.s.importTable(ctx, c.actor, c.space, t, tableOrigin{upload: u.ID, at: u.CreatedAt, batch: u.ID})
	if err != nil {
		return err
	}
	result := models.UploadResult{Status: string(UploadCreated), Notes: out.Notes, Sites: out.Sites, Participants: out.Participants}
	var refused []RowResult
	for _, r := range out.Rows {
		if r.Status == UploadRefused {
			refused = append(refused, r)
		}
		if r.Status == UploadDuplicate && mapping.Of == models.TableNotes {
			result.Notes++ // by a commit of this upload that broke off
		}
	}
	if len(refused) > 0 {
		problem := rowsRefused(refused)
		result.Problem = &models.UploadProblem{Kind: problem.Kind, Code: problem.Code, Sentence: problem.Sentence, Fields: problem.Fields}
		c.out[one.at].Problem = problem
	}
	if len(refused) == len(out.Rows) {
		// Nothing was made of it, so it can be corrected and tried again.
		c.out[one.at].Result = models.UploadResult{Status: string(UploadRefused)}
		return nil
	}
	_, err = c.s.editUpload(ctx, u.ID, func(_ context.Context, u *models.Upload) error {
		u.State, u.Result = models.UploadCommitted, &result
		u.ExpiresAt = c.s.clock().Add(committedLife)
		return nil
	})
	c.out[one.at].Result = result
	return err
}

// Ambiguous refuses a table that leaves these questions.
func Ambiguous(questions []models.TableQuestion) error {
	sentences := make([]string, len(questions))
	fields := make([]models.Field, len(questions))
	for i, q := range questions {
		sentences[i] = q.Sentence
		fields[i] = models.Field{Pointer: "/table/" + q.Code, Problem: q.Sentence}
	}
	return models.Invalid("table_ambiguous", "This table can be understood in more than one way. "+strings.Join(sentences, " ")+" Import it in the app, where this can be answered.", fields...)
}

// rowsRefused tells of rows that couldn't be imported, by their numbers.
func rowsRefused(all []RowResult) *models.Error {
	const named, told = 20, 100
	var numbers []string
	var fields []models.Field
	for i, r := range all {
		if i < named {
			numbers = append(numbers, strconv.Itoa(r.Row))
		}
		if i < told {
			field := models.Field{Pointer: fmt.Sprintf("/rows/%d", r.Row), Problem: r.Problem.Sentence, Code: r.Problem.Code}
			if of := r.Problem.Fields; len(of) > 0 && of[0].Code != "" {
				field.Code, field.Values = of[0].Code, of[0].Values
			}
			fields = append(fields, field)
		}
	}
	list := strings.Join(numbers, ", ")
	if more := len(all) - named; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return models.Invalid("rows_refused", fmt.Sprintf("Rows that were not imported: %s. The first of them: %s", list, all[0].Problem.Sentence), fields...)
}
