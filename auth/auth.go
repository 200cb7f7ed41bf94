// Package auth answers "who is it?": accounts, passwords, sessions and tokens. It imports models,
// golang-jwt, argon2id and the standard library; it knows nothing of HTTP or MongoDB.
//
// A session is one sign-in on one device. It hands out access tokens of ten minutes and a refresh
// token that is replaced each time it is used; it ends when its owner says so, when the password is
// changed elsewhere, or when a refresh token comes back that was used up before.
//
// A personal token is a secret that somebody's script shows instead (personal.go). It speaks for its owner
// until it expires or is ended, and can do less.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"

	"feltbog/models"
)

// How long things last.
const (
	// AccessLifetime is how long an access token is taken. Its session is checked at each request
	// all the same.
	AccessLifetime = 10 * time.Minute
	// SessionIdle ends a session that is not refreshed for so long.
	SessionIdle = 30 * 24 * time.Hour
	// SessionLifetime ends every session.
	SessionLifetime = 180 * 24 * time.Hour
	// RefreshGrace is how long the refresh token before the current one is still taken, so that two
	// tabs may refresh at once and a lost answer may be asked for again.
	RefreshGrace = 10 * time.Second
)

// maxSessions bounds the sessions of one account; a further sign-in ends the one unused for longest.
const maxSessions = 100

// SignUpRule says who may make an account after the first.
type SignUpRule string

// The rules of signing up. The first account can always be made.
const (
	SignUpOpen   SignUpRule = "open"
	SignUpInvite SignUpRule = "invite"
	SignUpClosed SignUpRule = "closed"
)

// Store keeps accounts and sessions. Every method joins the transaction of its context, if there is
// one. Accounts that don't exist are models.NotFound(models.NounAccount).
type Store interface {
	// Tx runs fn in one transaction, again from the start when it met another writer.
	Tx(ctx context.Context, fn func(ctx context.Context) error) error
	// Append adds events to the history.
	Append(ctx context.Context, events []models.Event) error

	User(ctx context.Context, id models.ID) (*models.User, error)
	// UserByEmail finds an account by the EmailKey of an address.
	UserByEmail(ctx context.Context, email string) (*models.User, error)
	// ListUsers gives at most limit accounts, without personas, whose EmailKey comes after one.
	ListUsers(ctx context.Context, after string, limit int) ([]*models.User, error)
	// InsertUser returns Conflict (email_taken, id_taken).
	InsertUser(ctx context.Context, u *models.User) error
	// UpdateUser writes what may change of an account (not Admin or Persona) whose version in the
	// store is still seen. It returns Stale, or Conflict (email_taken).
	UpdateUser(ctx context.Context, u *models.User, seen int) error
	// TouchUser notes a sign-in with a password whose hash is still verified, and replaces that by
	// hash. It meets every other change of the account; NotFound means that the hash is another.
	TouchUser(ctx context.Context, id models.ID, verified, hash string) error
	DeleteUser(ctx context.Context, id models.ID) error

	// FirstAccountExists says whether the first account has been made, ever.
	FirstAccountExists(ctx context.Context) (bool, error)
	// ClaimFirstAccount says whether id is the first account. Of any number of transactions that
	// claim, one alone is told so.
	ClaimFirstAccount(ctx context.Context, id models.ID) (bool, error)
	// OtherAdministrator says whether somebody beside id is an administrator. It meets every other
	// transaction that asks.
	OtherAdministrator(ctx context.Context, id models.ID) (bool, error)

	// InsertSession keeps a session of an account; admin is whether that is an administrator.
	InsertSession(ctx context.Context, s *models.Session, admin bool) error
	// Session finds a session, live or not; NotFound.
	Session(ctx context.Context, id models.ID) (*models.Session, error)
	// SessionActor gives whose session it is if it is live at a time; NotFound. It is asked at each
	// request, so it is one look-up by id.
	SessionActor(ctx context.Context, id models.ID, at time.Time) (models.Actor, error)
	// Sessions lists an account's sessions that are live at a time, the last used first.
	Sessions(ctx context.Context, user models.ID, at time.Time) ([]*models.Session, error)
	// RotateSession writes the hashes and times of a session whose RefreshHash in the store is still
	// seen, and says whether it was.
	RotateSession(ctx context.Context, s *models.Session, seen string) (bool, error)
	// Memberships lists all live memberships of a user.
	Memberships(ctx context.Context, user models.ID) ([]*models.Member, error)

	// InsertToken keeps a personal token of an account that exists (else NotFound). It meets every other change of the account.
	InsertToken(ctx context.Context, t *models.Token) error
	// Token and TokenByHash find a token of an account that exists, live or not; NotFound. They are
	// asked at each request that comes with one.
	Token(ctx context.Context, id models.ID) (*models.Token, error)
	TokenByHash(ctx context.Context, hash string) (*models.Token, error)
	// Tokens lists an account's tokens, the newest first.
	Tokens(ctx context.Context, user models.ID) ([]*models.Token, error)
	// TouchToken notes that a token was used, unless that was noted after before.
	TouchToken(ctx context.Context, id models.ID, at, before time.Time) error
	// DeleteTokens forgets tokens as DeleteSessions does sessions.
	DeleteTokens(ctx context.Context, user models.ID, ids []models.ID) ([]models.ID, error)
	// InsertReset keeps a link for a new password, Reset finds one that can be used at a time (NotFound), and
	// DropResets forgets all of an account.
	InsertReset(ctx context.Context, r *models.Reset) error
	Reset(ctx context.Context, hash string, at time.Time) (*models.Reset, error)
	DropResets(ctx context.Context, user models.ID) error

	// DeleteSessions forgets those of an account's sessions that are in ids, and gives the ids of
	// those that were there. Nil ids are all of them.
	DeleteSessions(ctx context.Context, user models.ID, ids []models.ID) ([]models.ID, error)
}

// Post sends letters. It gives an error for each letter, nil for those that the mail server took, and
// never the words of a letter or an address in an error.
type Post interface {
	Send(ctx context.Context, letters ...models.Letter) []error
}

// Options are what a Service is made with. Secret is needed; the rest have defaults.
type Options struct {
	// SignUp is who may sign up; SignUpInvite if empty.
	SignUp SignUpRule
	// Secret is the server's secret, at least 32 random bytes, the same for all processes.
	Secret []byte
	// SetupCode, if set, must be given with the first account. See the function SetupCode.
	SetupCode string
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// HashSlots is how many passwords are hashed at once; the number of cores if zero.
	HashSlots int
	// HashQueue is how many more may wait for a slot before callers are told to come back later;
	// 1,000 if zero, so that a lecture hall can sign in at the bell.
	HashQueue int
	// Post sends letters; none are sent if nil. PublicURL is where their links lead.
	Post      Post
	PublicURL string
	// Log hears of letters that could not be sent; nobody does if nil.
	Log *slog.Logger
	// Hashing is the cost of a hash; 19 MiB, two passes, one lane if zero.
	Hashing argon2id.Params
}

// Service offers the use cases of accounts. It is safe for concurrent use.
type Service struct {
	store     Store
	rule      SignUpRule
	setupCode string
	now       func() time.Time
	hasher    *hasher
	access    accessTokens
	refresh   refreshTokens
	files     *Sealer
	// attempts counts password attempts per account, failures the failed ones per address.
	attempts, failures *limiter
	// making counts personal tokens that an account makes.
	making *limiter

	post      Post
	publicURL string
	log       *slog.Logger
	errands   *errands
	// forgotten counts the letters to one address that asks for a new password, invited those with
	// invitations of one account, claimed those with places in courses.
	forgotten, invited, claimed *limiter
}

// Client is where a request comes from.
type Client struct {
	// Device is how the client describes itself, for the list of sessions.
	Device string
	// Address is where failed sign-ins are counted. The zero Addr counts nothing.
	Address netip.Addr
}

// Tokens are what a session hands out.
type Tokens struct {
	Access string
	// ExpiresIn is the lifetime of Access in seconds.
	ExpiresIn int
	Refresh   string
	// RefreshExpires is when the session ends unless it is refreshed before.
	RefreshExpires time.Time
}

// New makes a Service over a store. It refuses a short secret and an unknown sign-up rule.
func New(store Store, o Options) (*Service, error) {
	if len(o.Secret) < 32 {
		return nil, errors.New("the server's secret has fewer than 32 bytes")
	}
	switch o.SignUp {
	case "":
		o.SignUp = SignUpInvite
	case SignUpOpen, SignUpInvite, SignUpClosed:
	default:
		return nil, fmt.Errorf("the sign-up rule %q is none of open, invite and closed", o.SignUp)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HashSlots == 0 {
		o.HashSlots = runtime.GOMAXPROCS(0)
	}
	if o.HashQueue == 0 {
		o.HashQueue = 1_000
	}
	if o.Hashing == (argon2id.Params{}) {
		o.Hashing = defaultHashing
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{
		post: o.Post, publicURL: o.PublicURL, log: o.Log, errands: newErrands(),
		forgotten: newLimiter(3, 10*time.Minute),
		invited:   newLimiter(models.MaxInvitations, time.Minute),
		claimed:   newLimiter(1_000, 10*time.Second), // a large class twice, and then as many a day as are needed
		store:     store, rule: o.SignUp, setupCode: o.SetupCode, now: o.Now,
		hasher:  newHasher(o.Hashing, o.HashSlots, o.HashQueue),
		access:  accessTokens{key: deriveKey(o.Secret, "access tokens"), now: o.Now},
		refresh: refreshTokens{key: deriveKey(o.Secret, "refresh tokens")},
		files:   NewSealer(o.Secret, "file addresses"),
		// Guessing at one account: ten tries, then one each 30 seconds. Whoever owns it waits no
		// longer than that once the guessing stops.
		attempts: newLimiter(10, 30*time.Second),
		// Guessing at many accounts from one address: in a hall of 500 there are dozens of slips of
		// the finger at the bell.
		failures: newLimiter(50, 2*time.Second),
		// Nobody needs more tokens a day than they may have.
		making: newLimiter(2*models.MaxTokens, 15*time.Minute),
	}, nil
}

// Hashes is how many passwords were hashed so far, by whatever was asked.
func (s *Service) Hashes() int64 { return s.hasher.count.Load() }

// clock gives the time as it is stored: UTC, to the millisecond.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// isNotFound says whether err means that there is no such record.
func isNotFound(err error) bool { return models.KindOf(err) == models.KindNotFound }
