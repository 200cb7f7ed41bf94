package mongodb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

// openTwice opens one empty database as two processes would.
func openTwice(t *testing.T) (*mongodb.DB, *mongodb.DB) {
	t.Helper()
	t.Parallel()
	uri, name := enginetest.Mongo(t), enginetest.Database(t)
	var both [2]*mongodb.DB
	for i := range both {
		db, err := mongodb.Open(t.Context(), uri, name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close(context.Background()) })
		both[i] = db
	}
	return both[0], both[1]
}

func someAccount(email string) *models.User {
	now := time.Now().UTC().Truncate(time.Millisecond)
	return &models.User{
		ID: models.NewID(), Email: email, EmailKey: email, Name: "Somebody", Language: "en", PasswordHash: "hash",
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
}

func refusedWith(t *testing.T, err error, kind models.Kind, code string) *models.Error {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != kind || e.Code != code {
		t.Fatalf("got error %v, want kind %d with code %s", err, kind, code)
	}
	return e
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAllProcessesShareOneSecret(t *testing.T) {
	a, b := openTwice(t)
	secrets := make([][]byte, 20)
	errs := make([]error, len(secrets))
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() { secrets[i], errs[i] = []*mongodb.DB{a, b}[i%2].ServerSecret(t.Context()) })
	}
	all.Wait()
	noError(t, errors.Join(errs...))
	for _, s := range secrets {
		if len(s) != 32 || !bytes.Equal(s, secrets[0]) || bytes.Equal(s, make([]byte, 32)) {
			t.Fatalf("secrets %x and %x", secrets[0], s)
		}
	}
	elsewhere, err := mongodb.Open(t.Context(), enginetest.Mongo(t), enginetest.Database(t))
	noError(t, err)
	defer elsewhere.Close(context.Background())
	other, err := elsewhere.ServerSecret(t.Context())
	noError(t, err)
	if bytes.Equal(other, secrets[0]) {
		t.Error("two databases have one secret")
	}
}

func TestAccounts(t *testing.T) {
	db, other := openTwice(t)
	lea, bo := someAccount("lea@example.org"), someAccount("bo@example.org")
	noError(t, db.InsertUser(t.Context(), lea))
	noError(t, db.InsertUser(t.Context(), bo))

	t.Run("are found by id and by e-mail in whatever case", func(t *testing.T) {
		byID, err := other.User(t.Context(), lea.ID)
		noError(t, err)
		byEmail, err := other.UserByEmail(t.Context(), " LEA@Example.org")
		noError(t, err)
		if diff := cmp.Diff([]*models.User{lea, lea}, []*models.User{byID, byEmail}); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		several, err := other.Users(t.Context(), []models.ID{bo.ID, models.NewID(), lea.ID})
		noError(t, err)
		if diff := cmp.Diff(map[models.ID]*models.User{lea.ID: lea, bo.ID: bo}, several); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		none, err := other.Users(t.Context(), nil)
		noError(t, err)
		if len(none) != 0 {
			t.Errorf("found %v", none)
		}
	})
	t.Run("that don't exist are not found", func(t *testing.T) {
		_, err := db.User(t.Context(), models.NewID())
		refusedWith(t, err, models.KindNotFound, "account_not_found")
		_, err = db.UserByEmail(t.Context(), "")
		refusedWith(t, err, models.KindNotFound, "account_not_found")
		refusedWith(t, db.DeleteUser(t.Context(), models.NewID()), models.KindNotFound, "account_not_found")
	})
	t.Run("are unique by e-mail and by id", func(t *testing.T) {
		refusedWith(t, db.InsertUser(t.Context(), someAccount(lea.Email)), models.KindConflict, "email_taken")
		twin := someAccount("twin@example.org")
		twin.ID = lea.ID
		refusedWith(t, db.InsertUser(t.Context(), twin), models.KindConflict, "id_taken")
		taken := *bo
		taken.EmailKey, taken.Version = lea.EmailKey, 2
		refusedWith(t, db.UpdateUser(t.Context(), &taken, 1), models.KindConflict, "email_taken")
	})
	t.Run("are written by whoever saw the last version", func(t *testing.T) {
		changed := *lea
		changed.Name, changed.Version, changed.Admin, changed.Persona = "Lea Holm", 2, true, true
		noError(t, db.UpdateUser(t.Context(), &changed, 1))
		changed.Admin, changed.Persona = false, false // these never change
		e := refusedWith(t, db.UpdateUser(t.Context(), lea, 1), models.KindStale, "version_stale")
		if diff := cmp.Diff(any(&changed), e.Current); diff != "" {
			t.Errorf("current (-want +got):\n%s", diff)
		}
		refusedWith(t, db.UpdateUser(t.Context(), someAccount("x@example.org"), 1), models.KindNotFound, "account_not_found")
	})
	t.Run("note a sign-in only with the password that was verified", func(t *testing.T) {
		noError(t, db.TouchUser(t.Context(), bo.ID, "hash", "better hash"))
		refusedWith(t, db.TouchUser(t.Context(), bo.ID, "hash", "hash"), models.KindNotFound, "account_not_found")
		kept, err := db.User(t.Context(), bo.ID)
		noError(t, err)
		if kept.PasswordHash != "better hash" || kept.Version != 1 {
			t.Errorf("kept %+v", kept)
		}
	})
}

func TestOneTransactionClaimsTheFirstAccount(t *testing.T) {
	a, b := openTwice(t)
	var mu sync.Mutex
	var first []models.ID
	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		db := []*mongodb.DB{a, b}[i%2]
		all.Go(func() {
			id, claimed := models.NewID(), false
			errs[i] = db.Tx(t.Context(), func(ctx context.Context) (err error) {
				claimed, err = db.ClaimFirstAccount(ctx, id)
				if err == nil && i == 0 {
					return errors.New("the account couldn't be made")
				}
				return err
			})
			if claimed && errs[i] == nil {
				mu.Lock()
				first = append(first, id)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	noError(t, errors.Join(errs[1:]...))
	if exists, err := a.FirstAccountExists(t.Context()); len(first) != 1 || !exists || err != nil {
		t.Errorf("the first are %v, exists %v, %v", first, exists, err)
	}
}

func TestAnAdministratorStays(t *testing.T) {
	a, b := openTwice(t)
	admins := []*models.User{someAccount("lea@example.org"), someAccount("bo@example.org")}
	_, err := a.ClaimFirstAccount(t.Context(), admins[0].ID)
	noError(t, err)
	for _, u := range admins {
		u.Admin = true
		noError(t, a.InsertUser(t.Context(), u))
	}
	// Each looks for the other, and leaves only then.
	var looked, all sync.WaitGroup
	looked.Add(2)
	left := make([]bool, 2)
	errs := make([]error, 2)
	for i, db := range []*mongodb.DB{a, b} {
		all.Go(func() {
			once := sync.OnceFunc(looked.Done)
			defer once()
			errs[i] = db.Tx(t.Context(), func(ctx context.Context) error {
				if _, err := db.User(ctx, admins[i].ID); err != nil { // takes the snapshot
					return err
				}
				once()
				looked.Wait()
				other, err := db.OtherAdministrator(ctx, admins[i].ID)
				if left[i] = other; err != nil || !other {
					return err
				}
				return db.DeleteUser(ctx, admins[i].ID)
			})
		})
	}
	all.Wait()
	noError(t, errors.Join(errs...))
	if left[0] == left[1] {
		t.Errorf("left: %v", left)
	}
}

func TestSessionsAreKept(t *testing.T) {
	db, other := openTwice(t)
	now := time.Now().UTC().Truncate(time.Millisecond)
	lea, bo := models.NewID(), models.NewID()
	open := func(user models.ID, used time.Duration, admin bool) *models.Session {
		t.Helper()
		s := &models.Session{
			ID: models.NewID(), UserID: user, Device: "Firefox", CreatedAt: now, UsedAt: now.Add(used),
			ExpiresAt: now.Add(time.Hour + used), RefreshHash: "one",
		}
		noError(t, db.InsertSession(t.Context(), s, admin))
		return s
	}
	first, second, bos := open(lea, 0, true), open(lea, time.Minute, true), open(bo, 0, false)

	t.Run("and say who acts in them, while they live", func(t *testing.T) {
		for s, want := range map[*models.Session]models.Actor{
			first: {UserID: lea, SessionID: first.ID, Admin: true},
			bos:   {UserID: bo, SessionID: bos.ID},
		} {
			actor, err := other.SessionActor(t.Context(), s.ID, now)
			noError(t, err)
			if actor != want {
				t.Errorf("acts as %+v, want %+v", actor, want)
			}
		}
		_, err := db.SessionActor(t.Context(), first.ID, first.ExpiresAt)
		refusedWith(t, err, models.KindNotFound, "session_not_found")
		_, err = db.SessionActor(t.Context(), models.NewID(), now)
		refusedWith(t, err, models.KindNotFound, "session_not_found")
	})
	t.Run("and listed, the last used first, while they live", func(t *testing.T) {
		for at, want := range map[time.Time][]*models.Session{now: {second, first}, first.ExpiresAt: {second}, second.ExpiresAt: {}} {
			got, err := db.Sessions(t.Context(), lea, at)
			noError(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("at %v (-want +got):\n%s", at, diff)
			}
		}
	})
	t.Run("and rotated by whoever saw the last token", func(t *testing.T) {
		rotated := *first
		rotated.RefreshHash, rotated.PreviousHash = "two", "one"
		rotated.RotatedAt, rotated.UsedAt, rotated.ExpiresAt = now.Add(1), now.Add(2*time.Minute), now.Add(2*time.Hour)
		rotated.RotatedAt = rotated.RotatedAt.Truncate(time.Millisecond)
		for i, want := range []bool{true, false} {
			done, err := other.RotateSession(t.Context(), &rotated, "one")
			noError(t, err)
			if done != want {
				t.Errorf("time %d: rotated %v", i+1, done)
			}
		}
		kept, err := db.Session(t.Context(), first.ID)
		noError(t, err)
		if diff := cmp.Diff(&rotated, kept); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
		actor, err := db.SessionActor(t.Context(), first.ID, now)
		noError(t, err)
		if !actor.Admin {
			t.Error("an administrator was forgotten")
		}
	})
	t.Run("and forgotten by their owner only", func(t *testing.T) {
		for _, c := range []struct {
			ids, want []models.ID
		}{
			{[]models.ID{}, nil},
			{[]models.ID{bos.ID, second.ID, models.NewID()}, []models.ID{second.ID}},
			{nil, []models.ID{first.ID}},
			{nil, nil},
		} {
			got, err := db.DeleteSessions(t.Context(), lea, c.ids)
			noError(t, err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("forgot of %v (-want +got):\n%s", c.ids, diff)
			}
		}
		_, err := db.Session(t.Context(), second.ID)
		refusedWith(t, err, models.KindNotFound, "session_not_found")
		_, err = db.Session(t.Context(), bos.ID)
		noError(t, err)
	})
}

func TestListingAccountsByEmail(t *testing.T) {
	db, _ := openTwice(t)
	for i := range 5 {
		u := someAccount(fmt.Sprintf("p%d@example.org", i))
		u.Persona = i == 2
		noError(t, db.InsertUser(t.Context(), u))
	}
	for after, want := range map[string][]string{"": {"p0@example.org", "p1@example.org"}, "p1@example.org": {"p3@example.org", "p4@example.org"}, "p4@example.org": {}} {
		list, err := db.ListUsers(t.Context(), after, 2)
		noError(t, err)
		got := []string{}
		for _, u := range list {
			got = append(got, u.Email)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", after, diff)
		}
	}
}
