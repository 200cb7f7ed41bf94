// Package config reads what an administrator sets: environment variables, each also as a file named
// by the variable with _FILE behind it. Every fault is reported at once, and nothing has a secret
// default.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Config is what a server needs to know before it starts.
type Config struct {
	Addr     string // host:port to listen on
	Data     string // data directory of local mode
	OpsAddr  string // host:port of /metrics; nothing is served there if empty
	SignUp   string // open, invite or closed
	Insecure bool   // listen beyond loopback without https

	// PublicURL is where browsers find the server. It is nil on loopback.
	PublicURL *url.URL
	// TrustedProxies are the addresses whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix

	MongoURI      string // empty for local mode
	MongoDatabase string
	MeiliURL      string
	MeiliKey      string
	MeiliPrefix   string

	Mongod      string // path of the mongod of local mode
	Meilisearch string // path of the meilisearch of local mode

	PDFToText string // path of the program that reads PDFs; looked for if empty

	SMTP SMTP
}

// SMTP is how letters are sent. None are where Addr is empty.
type SMTP struct {
	Addr     string // host:port
	User     string // empty where the mail server asks for none
	Password string
	From     string // such as Feltbog <feltbog@example.org>
	TLS      string // starttls, tls, or none on this machine
}

// SignUps are the rules of sign-up.
func SignUps() []string { return []string{"open", "invite", "closed"} }

// variables are all names that start with FELTBOG_ and mean something.
var variables = []string{
	"FELTBOG_ADDR", "FELTBOG_DATA", "FELTBOG_OPS_ADDR", "FELTBOG_SIGN_UP", "FELTBOG_PUBLIC_URL", "FELTBOG_TRUSTED_PROXIES",
	"FELTBOG_MONGODB_URI", "FELTBOG_MONGODB_DATABASE", "FELTBOG_MEILISEARCH_URL", "FELTBOG_MEILISEARCH_KEY", "FELTBOG_MEILISEARCH_PREFIX",
	"FELTBOG_MONGOD", "FELTBOG_MEILISEARCH", "FELTBOG_PDFTOTEXT",
	"FELTBOG_SMTP_ADDR", "FELTBOG_SMTP_USER", "FELTBOG_SMTP_PASSWORD", "FELTBOG_SMTP_FROM", "FELTBOG_SMTP_TLS",
}

// Variables lists the names of all environment variables that mean something, for documents and tests.
func Variables() []string { return slices.Clone(variables) }

// Overrides are values of the command line, which win over the environment.
type Overrides struct {
	Addr, Data string
	Insecure   bool
}

// Load reads the environment, given as os.Environ gives it.
func Load(environ []string, o Overrides) (Config, error) {
	env, faults := read(environ)
	c := Config{
		Addr: or(o.Addr, env["FELTBOG_ADDR"], "127.0.0.1:8080"), Data: or(o.Data, env["FELTBOG_DATA"], "data"),
		OpsAddr: env["FELTBOG_OPS_ADDR"], SignUp: or(env["FELTBOG_SIGN_UP"], "invite"), Insecure: o.Insecure,
		MongoURI: env["FELTBOG_MONGODB_URI"], MongoDatabase: or(env["FELTBOG_MONGODB_DATABASE"], "feltbog"),
		MeiliURL: env["FELTBOG_MEILISEARCH_URL"], MeiliKey: env["FELTBOG_MEILISEARCH_KEY"], MeiliPrefix: or(env["FELTBOG_MEILISEARCH_PREFIX"], "feltbog"),
		Mongod: env["FELTBOG_MONGOD"], Meilisearch: env["FELTBOG_MEILISEARCH"],
		PDFToText: env["FELTBOG_PDFTOTEXT"],
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !slices.Contains(SignUps(), c.SignUp) {
		fault("FELTBOG_SIGN_UP is one of %s, not %q", strings.Join(SignUps(), ", "), c.SignUp)
	}
	if (c.MongoURI == "") != (c.MeiliURL == "") {
		fault("FELTBOG_MONGODB_URI and FELTBOG_MEILISEARCH_URL are set together, or neither for local mode")
	}
	if c.MeiliURL != "" && c.MeiliKey == "" {
		fault("FELTBOG_MEILISEARCH_KEY (or FELTBOG_MEILISEARCH_KEY_FILE) is needed with FELTBOG_MEILISEARCH_URL")
	}
	for name, addr := range map[string]string{"FELTBOG_ADDR": c.Addr, "FELTBOG_OPS_ADDR": c.OpsAddr} {
		if _, _, err := net.SplitHostPort(addr); addr != "" && err != nil {
			fault("%s is HOST:PORT, not %q", name, addr)
		}
	}
	if raw := env["FELTBOG_PUBLIC_URL"]; raw != "" {
		u, err := url.Parse(raw)
		switch {
		case err != nil || u.Host == "" || (u.Path != "" && u.Path != "/"):
			fault("FELTBOG_PUBLIC_URL is like https://feltbog.example.org, not %q", raw)
		case u.Scheme != "https" && !c.Insecure:
			fault("FELTBOG_PUBLIC_URL begins with https:// (or start with --insecure)")
		default:
			c.PublicURL = u
		}
	}
	if c.PublicURL == nil && !c.Insecure && !Loopback(c.Addr) {
		fault("%s can be reached from other machines: set FELTBOG_PUBLIC_URL to the https address that people use (or start with --insecure)", c.Addr)
	}
	for raw := range strings.FieldsFuncSeq(env["FELTBOG_TRUSTED_PROXIES"], func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(raw)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(raw); err == nil {
				p, err = a.Prefix(a.BitLen())
			}
		}
		if err != nil {
			fault("FELTBOG_TRUSTED_PROXIES holds addresses or networks, not %q", raw)
			continue
		}
		c.TrustedProxies = append(c.TrustedProxies, p)
	}
	c.SMTP = SMTP{
		Addr: env["FELTBOG_SMTP_ADDR"], User: env["FELTBOG_SMTP_USER"], Password: env["FELTBOG_SMTP_PASSWORD"],
		From: env["FELTBOG_SMTP_FROM"], TLS: env["FELTBOG_SMTP_TLS"],
	}
	c.checkSMTP(fault)
	c.SMTP.TLS = or(c.SMTP.TLS, encryptions[0])
	return c, errors.Join(faults...)
}

// encryptions are the ways to talk with a mail server; the first is the one where nothing is said.
var encryptions = []string{"starttls", "tls", "none"}

// checkSMTP finds what is wrong with how letters are to be sent.
func (c *Config) checkSMTP(fault func(format string, args ...any)) {
	s := c.SMTP
	if s == (SMTP{}) {
		return
	}
	if s.Addr == "" {
		fault("FELTBOG_SMTP_ADDR is needed with the other variables that begin with FELTBOG_SMTP_")
	} else if host, port, err := net.SplitHostPort(s.Addr); err != nil || host == "" || !isPort(port) {
		fault("FELTBOG_SMTP_ADDR is HOST:PORT, such as mail.example.org:587, not %q", s.Addr)
	}
	if from, err := mail.ParseAddress(s.From); err != nil {
		fault("FELTBOG_SMTP_FROM is needed, and like Feltbog <feltbog@example.org>")
	} else if strings.ContainsFunc(from.Name, unicode.IsControl) {
		fault("FELTBOG_SMTP_FROM can't have control characters")
	}
	if (s.User == "") != (s.Password == "") {
		fault("FELTBOG_SMTP_USER and FELTBOG_SMTP_PASSWORD (or FELTBOG_SMTP_PASSWORD_FILE) are set together, or neither")
	}
	if s.TLS != "" && !slices.Contains(encryptions, s.TLS) {
		fault("FELTBOG_SMTP_TLS is one of %s, not %q", strings.Join(encryptions, ", "), s.TLS)
	}
	if s.TLS == "none" && !Loopback(s.Addr) {
		fault("FELTBOG_SMTP_TLS is none only for a mail server on this machine")
	}
	if c.PublicURL == nil && !Loopback(c.Addr) {
		fault("FELTBOG_PUBLIC_URL is needed with FELTBOG_SMTP_ADDR, since letters have links in them")
	}
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// read gives the variables with their values, from files where KEY_FILE says so.
func read(environ []string) (map[string]string, []error) {
	env := map[string]string{}
	var faults []error
	for _, kv := range environ {
		key, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(key, "FELTBOG_") || strings.HasPrefix(key, "FELTBOG_TEST_") {
			continue
		}
		name, fromFile := strings.CutSuffix(key, "_FILE")
		if !slices.Contains(variables, name) {
			faults = append(faults, fmt.Errorf("%s isn't a variable that Feltbog knows", key))
			continue
		}
		if _, twice := env[name]; twice {
			faults = append(faults, fmt.Errorf("%s and %s_FILE are both set; keep one", name, name))
			continue
		}
		if fromFile {
			b, err := os.ReadFile(value)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", key, err))
				continue
			}
			value = strings.TrimRight(string(b), "\r\n")
		}
		env[name] = value
	}
	return env, faults
}

// Loopback says whether a listening address can be reached from this machine only.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Origin is where people find the server, without a slash at its end.
func (c Config) Origin() string {
	if c.PublicURL != nil {
		return strings.TrimRight(c.PublicURL.String(), "/")
	}
	return "http://" + c.Addr
}

// Local says whether the server runs engines of its own.
func (c Config) Local() bool { return c.MongoURI == "" }

func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
