package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"feltbog/auth"
	"feltbog/models"
)

func TestAccessTokens(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")

	t.Run("speak for ten minutes", func(t *testing.T) {
		tokens := w.signIn("lea@example.org", password)
		w.clock.pass(auth.AccessLifetime - time.Second)
		w.whoIs(tokens)
		w.clock.pass(time.Second)
		_, err := w.Authenticate(t.Context(), tokens.Access)
		refused(t, err, models.KindUnauthenticated, "token_expired")
	})
	tokens := w.signIn("lea@example.org", password)

	t.Run("speak for the user and the session they name, in every process", func(t *testing.T) {
		actor, err := w.process(w.db).Authenticate(t.Context(), tokens.Access)
		must(t, err)
		if actor.UserID != lea.ID || actor.SessionID == "" || !actor.Admin {
			t.Errorf("speaks for %+v", actor)
		}
	})
	t.Run("of another server mean nothing", func(t *testing.T) {
		foreign := w.process(w.db, func(o *auth.Options) { o.Secret = make([]byte, 32) })
		_, err := foreign.Authenticate(t.Context(), tokens.Access)
		refused(t, err, models.KindUnauthenticated, "token_invalid")
	})
	t.Run("fall silent with their session, before it is swept", func(t *testing.T) {
		old := w.signIn("lea@example.org", password)
		session, err := w.db.Session(t.Context(), w.whoIs(old).SessionID)
		must(t, err)
		session.ExpiresAt = w.clock.now().Truncate(time.Millisecond)
		_, err = w.db.RotateSession(t.Context(), session, session.RefreshHash)
		must(t, err)
		if w.lives(old) {
			t.Error("an expired session speaks")
		}
	})
}

func TestForgedAccessTokens(t *testing.T) {
	w := newWorld(t)
	lea, bo := w.signUp("lea@example.org"), w.signUp("bo@example.org")
	key := auth.AccessKey(w.o.Secret)
	honest := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": "feltbog", "aud": "feltbog/api", "sub": lea.ID, "sid": lea.actor.SessionID, "exp": w.clock.now().Add(time.Minute).Unix(),
		}
	}
	sign := func(method jwt.SigningMethod, key any, c jwt.MapClaims) string {
		t.Helper()
		token, err := jwt.NewWithClaims(method, c).SignedString(key)
		must(t, err)
		return token
	}
	with := func(name string, value any) jwt.MapClaims {
		c := honest()
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	if _, err := w.Authenticate(t.Context(), sign(jwt.SigningMethodHS256, key, honest())); err != nil {
		t.Fatalf("the test can't sign: %v", err)
	}
	header, rest, _ := strings.Cut(lea.tokens.Access, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	var c map[string]any
	plain, err := base64.RawURLEncoding.DecodeString(payload)
	must(t, err)
	must(t, json.Unmarshal(plain, &c))
	c["sub"] = bo.ID
	changed, err := json.Marshal(c)
	must(t, err)

	for name, token := range map[string]string{
		"nothing":                 "",
		"not a token":             "abc.def.ghi",
		"no signature":            header + "." + payload + ".",
		"changed claims":          header + "." + base64.RawURLEncoding.EncodeToString(changed) + "." + signature,
		"algorithm none":          sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, honest()),
		"another algorithm":       sign(jwt.SigningMethodHS512, key, honest()),
		"another key":             sign(jwt.SigningMethodHS256, []byte("secret"), honest()),
		"the secret itself":       sign(jwt.SigningMethodHS256, w.o.Secret, honest()),
		"another issuer":          sign(jwt.SigningMethodHS256, key, with("iss", "elsewhere")),
		"no issuer":               sign(jwt.SigningMethodHS256, key, with("iss", nil)),
		"another audience":        sign(jwt.SigningMethodHS256, key, with("aud", "elsewhere")),
		"no audience":             sign(jwt.SigningMethodHS256, key, with("aud", nil)),
		"no expiry":               sign(jwt.SigningMethodHS256, key, with("exp", nil)),
		"no subject":              sign(jwt.SigningMethodHS256, key, with("sub", nil)),
		"no session":              sign(jwt.SigningMethodHS256, key, with("sid", nil)),
		"a session that is no id": sign(jwt.SigningMethodHS256, key, with("sid", "x")),
		"a refresh token":         lea.tokens.Refresh,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Authenticate(t.Context(), token)
			refused(t, err, models.KindUnauthenticated, "token_invalid")
		})
	}
	t.Run("another's session", func(t *testing.T) {
		_, err := w.Authenticate(t.Context(), sign(jwt.SigningMethodHS256, key, with("sub", bo.ID)))
		refused(t, err, models.KindUnauthenticated, "session_ended")
	})
}

func TestFileTokens(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	note, file := models.NewID(), models.NewID()
	token, err := w.SignFile(lea.actor, note, file)
	must(t, err)

	t.Run("open one file for one user, beyond the access token", func(t *testing.T) {
		w.clock.pass(time.Hour)
		grant, err := w.process(w.db).OpenFile(t.Context(), token)
		must(t, err)
		if grant != (auth.FileGrant{NoteID: note, FileID: file, Actor: lea.actor}) {
			t.Errorf("granted %+v", grant)
		}
	})
	t.Run("can't be made up", func(t *testing.T) {
		cursor, err := auth.NewSealer(w.o.Secret, "list cursors").Seal([]byte(strings.Repeat("x", 144)), 144)
		must(t, err)
		other := "A" // than the first letter, whichever that is
		if token[0] == 'A' {
			other = "B"
		}
		for _, forged := range []string{"", "x", token[1:], other + token[1:], cursor, lea.tokens.Access} {
			_, err := w.OpenFile(t.Context(), forged)
			refused(t, err, models.KindUnauthenticated, "file_token_invalid")
		}
	})
	t.Run("end with the session", func(t *testing.T) {
		must(t, w.SignOut(t.Context(), lea.tokens.Refresh))
		_, err := w.OpenFile(t.Context(), token)
		refused(t, err, models.KindUnauthenticated, "session_ended")
	})
}
