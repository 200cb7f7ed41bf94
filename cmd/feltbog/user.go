package main

import (
	"errors"
	"fmt"

	"feltbog/auth"
	"feltbog/config"
	"feltbog/demo"
	"feltbog/models"
)

type userCommands struct {
	Add           userAddCommand   `cmd:"" help:"Make an account and print its password."`
	ResetPassword userResetCommand `cmd:"" help:"Give an account a new password and print it. All its sessions end."`
	ResetLink     userLinkCommand  `cmd:"" help:"Print a link by which somebody chooses a new password, once, within 24 hours."`
	List          userListCommand  `cmd:"" help:"List the accounts."`
}

// with opens the engines for a command, runs it, and closes them.
func (s *shared) with(w *world, fn func(a *app) error) error {
	c, err := w.config(config.Overrides{Data: s.Data})
	if err != nil {
		return err
	}
	a, err := open(w.ctx, c, w.log, true)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.close())
}

type userAddCommand struct {
	shared
	Email string `arg:"" help:"E-mail of the account."`
	Name  string `help:"Name of the person; the e-mail if left out."`
	Admin bool   `help:"Make the account an administrator."`
}

// Run makes an account.
func (cmd *userAddCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		if cmd.Name == "" {
			cmd.Name = cmd.Email
		}
		_, password, err := a.auth.CreateUser(w.ctx, auth.Operator(), auth.NewAccount{Email: cmd.Email, Name: cmd.Name, Admin: cmd.Admin})
		if err != nil {
			return err
		}
		w.printf("%s has an account. Password: %s\n", cmd.Email, password)
		return nil
	})
}

type userResetCommand struct {
	shared
	Email string `arg:"" help:"E-mail of the account."`
}

// Run gives an account a new password.
func (cmd *userResetCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		_, password, err := a.auth.ResetPassword(w.ctx, auth.Operator(), cmd.Email, "")
		if models.KindOf(err) == models.KindNotFound {
			return fmt.Errorf("nobody has an account with the e-mail %s", cmd.Email)
		}
		if err != nil {
			return err
		}
		w.printf("New password of %s: %s\n", cmd.Email, password)
		return nil
	})
}

type userLinkCommand struct {
	shared
	Email string `required:"" help:"E-mail of the account." placeholder:"EMAIL"`
}

// Run prints a link for a new password.
func (cmd *userLinkCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		link, err := a.auth.MakeResetLinkFor(w.ctx, auth.Operator(), cmd.Email)
		if models.KindOf(err) == models.KindNotFound {
			return fmt.Errorf("nobody has an account with the e-mail %s", cmd.Email)
		}
		if err != nil {
			return err
		}
		w.printf("%s%s%s\n", a.origin, auth.ResetPath, link.Secret)
		return nil
	})
}

type userListCommand struct{ shared }

// Run lists the accounts.
func (cmd *userListCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		for cursor := ""; ; {
			page, err := a.auth.ListUsers(w.ctx, auth.Operator(), models.Page{Limit: models.MaxPageSize, Cursor: cursor})
			if err != nil {
				return err
			}
			for _, u := range page.Items {
				role := ""
				if u.Admin {
					role = "administrator"
				}
				w.printf("%s\t%s\t%s\t%s\n", u.Email, u.Name, u.CreatedAt.Format("2006-01-02"), role)
			}
			if cursor = page.Next; cursor == "" {
				return nil
			}
		}
	})
}

type demoCommand struct {
	shared
	User string `required:"" help:"E-mail of the account that owns the copy." placeholder:"EMAIL"`
}

// Run loads a copy of the demo project.
func (cmd *demoCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		actor, err := a.actor(w.ctx, cmd.User)
		if err != nil {
			return err
		}
		p, err := demo.Load(w.ctx, a.service, a.teaching, a.auth, actor)
		if err != nil {
			return err
		}
		w.printf("%s owns the project %q now.\n", cmd.User, p.Name)
		return nil
	})
}
