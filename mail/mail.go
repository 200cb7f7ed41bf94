// Package mail hands letters to a mail server (SMTP). It imports models and go-mail; what letters say is the
// business of auth.
package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"feltbog/models"
)

// The ways of encryption.
const (
	STARTTLS = "starttls" // begins in clear and is encrypted before anything is said, or not at all
	TLS      = "tls"      // encrypted from the first byte
	None     = "none"     // in clear: for a server on this machine alone
)

// Bounds of sending.
const (
	// patience is how long connecting, greeting and one letter may take, each. Three of it are less than
	// a request may take.
	patience = 8 * time.Second
	// connections is how many are open to the mail server at once.
	connections = 4
)

// Config is how a mail server is reached.
type Config struct {
	Addr     string // host:port
	User     string // empty where the server asks for none
	Password string
	From     string // such as Feltbog <feltbog@example.org>
	TLS      string // one of the ways of encryption
	// Roots are the authorities whose certificates are believed; the system's if nil.
	Roots *x509.CertPool
}

// Sender sends letters. It is safe for concurrent use.
type Sender struct {
	host    string
	options []gomail.Option
	from    *mail.Address
	domain  string // of the sender's address
	slots   chan struct{}
}

// New makes a Sender. It doesn't connect.
func New(c Config) (*Sender, error) {
	host, service, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, fmt.Errorf("address of the mail server: %w", err)
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		return nil, fmt.Errorf("port of the mail server: %w", err)
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("sender of mail: %w", err)
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithHELO(domain),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: c.Roots}),
	}
	kind := gomail.SMTPAuthAutoDiscover
	switch c.TLS {
	case STARTTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		kind = gomail.SMTPAuthPlainNoEnc
	default:
		return nil, fmt.Errorf("%q is no way to encrypt mail", c.TLS)
	}
	if c.User != "" {
		options = append(options, gomail.WithUsername(c.User), gomail.WithPassword(c.Password), gomail.WithSMTPAuth(kind))
	}
	if _, err := gomail.NewClient(host, options...); err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	return &Sender{host: host, options: options, from: from, domain: domain, slots: make(chan struct{}, connections)}, nil
}

// Send hands letters to the mail server over one connection, and gives an error for each, nil where the
// server took it. It ends soon after ctx does. No error holds the words of a letter or whom it is to.
func (s *Sender) Send(ctx context.Context, letters ...models.Letter) []error {
	errs := make([]error, len(letters))
	fail := func(from int, err error) []error {
		for i := from; i < len(errs); i++ {
			errs[i] = err
		}
		return errs
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return fail(0, ctx.Err())
	}
	wait := patience
	if deadline, ok := ctx.Deadline(); ok {
		wait = max(min(wait, time.Until(deadline)), time.Millisecond)
	}
	client, err := gomail.NewClient(s.host, append(slices.Clone(s.options), gomail.WithTimeout(wait))...)
	if err != nil {
		return fail(0, fmt.Errorf("mail server: %w", err))
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fail(0, fmt.Errorf("reach the mail server: %w", err))
	}
	defer client.CloseWithSMTPClient(connection) //nolint:errcheck // the letters that were taken are taken
	for i := range letters {
		if ctx.Err() != nil {
			return fail(i, ctx.Err())
		}
		message, err := s.message(&letters[i])
		if err == nil {
			err = discreet(client.SendWithSMTPClient(connection, message))
		}
		errs[i] = err
	}
	return errs
}

// message writes a letter as it travels: plain text, and headers that nothing in the letter can add to.
func (s *Sender) message(l *models.Letter) (*gomail.Msg, error) {
	if !models.ValidEmail(l.To) {
		return nil, errors.New("the address isn't one")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	m.ToMailAddress(&mail.Address{Address: l.To})
	m.Subject(oneLine(l.Subject))
	m.SetDate()
	m.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + s.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

// oneLine puts spaces where a header would be broken.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// discreet keeps of an error what went wrong, and leaves out whom the letter was to.
func discreet(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*gomail.SendError](err); ok {
		return fmt.Errorf("the mail server didn't take it: %s (%d)", e.Reason, e.ErrorCode())
	}
	return errors.New("the mail server didn't take it")
}
