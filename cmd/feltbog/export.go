package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"feltbog/api"
	"feltbog/exchange"
	"feltbog/models"
)

type exportCommand struct {
	shared
	Project string         `required:"" help:"Name or id of the project." placeholder:"NAME"`
	What    api.ExportKind `help:"What to export: codings, notes or codebook." default:"codings"`
	Format  string         `help:"Format of the file: csv, xlsx or jsonl." default:"csv"`
	Output  string         `required:"" help:"File to write, which is replaced once all is there; - for standard output." placeholder:"FILE"`
	User    string         `help:"E-mail of the member who exports; the only administrator if left out." placeholder:"EMAIL"`
}

// Run writes what a member may read to a file.
func (cmd *exportCommand) Run(w *world) error {
	format, err := exchange.ParseTableFormat(cmd.Format)
	if err != nil {
		return err
	}
	if !slices.Contains(api.ExportKinds(), cmd.What) {
		return fmt.Errorf("--what is one of %v", api.ExportKinds())
	}
	return cmd.with(w, func(a *app) error {
		actor, err := a.actor(w.ctx, cmd.User)
		if err != nil {
			return err
		}
		project, err := a.project(w.ctx, actor, cmd.Project)
		if err != nil {
			return err
		}
		return cmd.write(w, a, actor, project.ID, api.Export{What: cmd.What, Format: format})
	})
}

// write exports to standard output, or to a file that gets its name when it is whole.
func (cmd *exportCommand) write(w *world, a *app, actor models.Actor, space models.ID, e api.Export) error {
	if cmd.Output == "-" {
		_, err := api.WriteExport(w.ctx, a.service, actor, space, e, w.out)
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(cmd.Output), "."+filepath.Base(cmd.Output)+".*")
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	rows, err := api.WriteExport(w.ctx, a.service, actor, space, e, file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), cmd.Output)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	w.printf("%d rows written to %s\n", rows, cmd.Output)
	return nil
}
