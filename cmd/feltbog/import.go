package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

type importCommand struct {
	shared
	Project    string          `required:"" help:"Name or id of the project." placeholder:"NAME"`
	Site       string          `help:"Name of the site; it is made if the project has none of that name." placeholder:"NAME"`
	Kind       models.NoteKind `help:"Kind of the notes: fieldNote, meetingObservation, interview, document or workshop." default:"fieldNote"`
	Language   string          `help:"Language of the notes, such as en or da." placeholder:"TAG"`
	ObservedOn string          `help:"Date of the observation." placeholder:"YYYY-MM-DD"`
	Phase      string          `help:"Phase of the study." placeholder:"NAME"`
	User       string          `help:"E-mail of the member who imports; the only administrator if left out." placeholder:"EMAIL"`
	Files      []string        `arg:"" help:"Files to read. Those that were imported before are skipped, so a command that was cut off can be given again." type:"path"`
}

// errRefused says that some files were refused; each has been named by then.
var errRefused = errors.New("some files were refused")

// Run makes notes of files.
func (cmd *importCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		actor, err := a.actor(w.ctx, cmd.User)
		if err != nil {
			return err
		}
		project, err := a.project(w.ctx, actor, cmd.Project)
		if err != nil {
			return err
		}
		fields, err := cmd.fields(w.ctx, a, actor, project.ID)
		if err != nil {
			return err
		}
		return cmd.read(w, a, actor, project.ID, fields)
	})
}

// read imports the files one after the other and tells what became of each.
func (cmd *importCommand) read(w *world, a *app, actor models.Actor, space models.ID, fields coding.NoteFields) error {
	bar := progress(w.errs, len(cmd.Files))
	counts := map[coding.UploadStatus]int{}
	var refused []string
	next, stop := iter.Pull(cmd.uploads(w.ctx, a, fields, func() {
		if bar != nil {
			_ = bar.Add(1) // a bar that can't be drawn harms nothing
		}
	}))
	defer stop()
	report := func(r coding.UploadResult) {
		counts[r.Status]++
		if r.Problem != nil {
			refused = append(refused, fmt.Sprintf("%s: %s", r.File, r.Problem.Sentence))
		}
		if bar == nil {
			w.printf("%s\t%s\n", r.Status, r.File)
		}
	}
	err := a.service.Import(w.ctx, actor, space, next, report)
	if bar != nil {
		_ = bar.Finish()
	}
	w.printf("%d imported, %d imported before, %d refused\n", counts[coding.UploadCreated], counts[coding.UploadDuplicate], counts[coding.UploadRefused])
	for _, line := range refused {
		w.printf("  %s\n", line)
	}
	switch {
	case err != nil:
		return fmt.Errorf("the import stopped (give the command again to go on): %w", err)
	case w.ctx.Err() != nil:
		return errors.New("the import was interrupted; give the command again to go on")
	case len(refused) > 0:
		return errRefused
	}
	return nil
}

// uploads reads the files one after the other, and says when each was read.
func (cmd *importCommand) uploads(ctx context.Context, a *app, fields coding.NoteFields, done func()) iter.Seq[coding.Upload] {
	return func(yield func(coding.Upload) bool) {
		for _, path := range cmd.Files {
			for u := range a.uploadsOf(ctx, path, fields) {
				if ctx.Err() != nil || !yield(u) {
					return
				}
			}
			done()
		}
	}
}

// uploadsOf reads one file, or those in it if it is an archive; one that can't be read is refused for itself.
func (a *app) uploadsOf(ctx context.Context, path string, fields coding.NoteFields) iter.Seq[coding.Upload] {
	refused := func(why *models.Error) iter.Seq[coding.Upload] {
		return func(yield func(coding.Upload) bool) { yield(coding.Upload{Name: filepath.Base(path), Problem: why}) }
	}
	info, err := os.Stat(path)
	var data []byte
	switch {
	case err != nil:
	case info.Size() > models.MaxUploadBytes:
		return refused(models.TooLarge("file_too_large", "A file may have 50 MB."))
	default:
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return refused(models.Invalid("file_unreadable", "The file can't be read: "+err.Error()+"."))
	}
	return api.ReadFile(ctx, a.files, os.TempDir(), exchange.FileName(path), data, fields)
}

// fields gives what the flags say of every note. The site is found by its name, or made.
func (cmd *importCommand) fields(ctx context.Context, a *app, actor models.Actor, space models.ID) (coding.NoteFields, error) {
	var date models.Date
	if err := date.UnmarshalText([]byte(cmd.ObservedOn)); err != nil {
		return coding.NoteFields{}, fmt.Errorf("--observed-on: %w", err)
	}
	if !slices.Contains(models.NoteKinds(), cmd.Kind) {
		return coding.NoteFields{}, fmt.Errorf("--kind is one of %v", models.NoteKinds())
	}
	f := coding.NoteFields{Kind: &cmd.Kind}
	if date != "" {
		f.ObservedOn = &date
	}
	if cmd.Language != "" {
		f.Language = &cmd.Language
	}
	if cmd.Phase != "" {
		f.Phase = &cmd.Phase
	}
	if cmd.Site == "" {
		return f, nil
	}
	site, err := a.site(ctx, actor, space, cmd.Site)
	f.SiteID = &site
	return f, err
}

// site finds a site by its name, or makes it.
func (a *app) site(ctx context.Context, actor models.Actor, space models.ID, name string) (models.ID, error) {
	for cursor := ""; ; {
		page, err := a.service.Sites(ctx, actor, space, models.Page{Limit: models.MaxPageSize, Cursor: cursor})
		if err != nil {
			return "", err
		}
		for _, s := range page.Items {
			if strings.EqualFold(s.Name, name) {
				return s.ID, nil
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	made, err := a.service.CreateSite(ctx, actor, space, "", coding.SiteFields{Name: &name})
	if err != nil {
		return "", fmt.Errorf("make the site: %w", err)
	}
	return made.ID, nil
}

// project finds one of the actor's projects by its name or id.
func (a *app) project(ctx context.Context, actor models.Actor, name string) (*models.Project, error) {
	all, err := a.service.Projects(ctx, actor, false)
	if err != nil {
		return nil, err
	}
	var found []*models.Project
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = fmt.Sprintf("%q", p.Name)
		if strings.EqualFold(p.Name, name) || string(p.ID) == name {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("there is no project %q of this user's; there are: %s", name, strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("there are %d projects named %q; give the id of one", len(found), name)
}

// actor finds the account that a command works for: the one named, or the only administrator.
func (a *app) actor(ctx context.Context, email string) (models.Actor, error) {
	if email != "" {
		u, err := a.db.UserByEmail(ctx, email)
		if models.KindOf(err) == models.KindNotFound {
			return models.Actor{}, fmt.Errorf("nobody has an account with the e-mail %s", email)
		}
		if err != nil {
			return models.Actor{}, err
		}
		return models.Actor{UserID: u.ID, Admin: u.Admin}, nil
	}
	var admins []*models.User
	for cursor := ""; ; {
		page, err := a.auth.ListUsers(ctx, auth.Operator(), models.Page{Limit: models.MaxPageSize, Cursor: cursor})
		if err != nil {
			return models.Actor{}, err
		}
		for _, u := range page.Items {
			if u.Admin {
				admins = append(admins, u)
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(admins) != 1 {
		return models.Actor{}, fmt.Errorf("there are %d administrators; say with --user who this is for", len(admins))
	}
	return models.Actor{UserID: admins[0].ID, Admin: true}, nil
}

// progress gives a bar on a terminal, and nil elsewhere, where plain lines are better.
func progress(out io.Writer, files int) *progressbar.ProgressBar {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) { //nolint:gosec // file descriptors are small
		return nil
	}
	return progressbar.NewOptions(files, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription("Importing"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}
