package mail_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"feltbog/mail"
	"feltbog/mail/mailtest"
	"feltbog/models"
)

func open(t *testing.T, s *mailtest.Server, change ...func(*mail.Config)) *mail.Sender {
	t.Helper()
	c := mail.Config{Addr: s.Addr, From: "Feltbog på Havnsø <feltbog@example.org>", TLS: mail.STARTTLS, Roots: s.Roots}
	for _, fn := range change {
		fn(&c)
	}
	sender, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

var letter = models.Letter{To: "bo@example.org", Subject: "Lea inviterer dig til “Søværnet”", Text: "Kære Bo\n\n.En linje med punktum, og en " + strings.Repeat("lang ", 60) + "linje.\n"}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*mailtest.Server)
		config func(*mail.Config)
		clear  bool
	}{
		"over STARTTLS, with a password": {func(s *mailtest.Server) { s.Password = "sesam" }, func(c *mail.Config) { c.User, c.Password = "feltbog", "sesam" }, false},
		"over STARTTLS, without one":     {func(*mailtest.Server) {}, func(*mail.Config) {}, false},
		"encrypted from the first byte":  {func(s *mailtest.Server) { s.Implicit = true }, func(c *mail.Config) { c.TLS = mail.TLS }, false},
		"in clear, on this machine":      {func(s *mailtest.Server) { s.NoTLS, s.Password = true, "sesam" }, func(c *mail.Config) { c.TLS, c.User, c.Password = mail.None, "feltbog", "sesam" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, c.server)
			if err := open(t, server, c.config).Send(t.Context(), letter)[0]; err != nil {
				t.Fatal(err)
			}
			got := server.Wait(t, 1)[0]
			if got.To != letter.To || got.From != "feltbog@example.org" || got.Subject != letter.Subject || got.Text != letter.Text || got.TLS == c.clear {
				t.Errorf("arrived: %+v", got)
			}
			if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || strings.Contains(got.Raw, "go-mail") {
				t.Errorf("raw: %s", got.Raw)
			}
			if from, err := got.Header.AddressList("From"); err != nil || from[0].Name != "Feltbog på Havnsø" {
				t.Errorf("from %v %v", from, err)
			}
		})
	}
}

func TestNothingIsSaidInClear(t *testing.T) {
	server := mailtest.Start(t, func(s *mailtest.Server) { s.NoTLS = true })
	if err := open(t, server).Send(t.Context(), letter)[0]; err == nil || len(server.Letters()) != 0 {
		t.Fatalf("a server without STARTTLS got the letter: %v", err)
	}
	stranger := mailtest.Start(t)
	if err := open(t, stranger, func(c *mail.Config) { c.Roots = nil }).Send(t.Context(), letter)[0]; err == nil || len(stranger.Letters()) != 0 {
		t.Fatalf("a server whose certificate nobody vouches for got the letter: %v", err)
	}
}

func TestOneAddressThatIsRefusedHoldsNoOtherUp(t *testing.T) {
	server := mailtest.Start(t, func(s *mailtest.Server) { s.Refuse = []string{"nobody@example.org"} })
	letters := []models.Letter{letter, letter, letter, letter}
	letters[1].To, letters[2].To = "nobody@example.org", "not an address"
	errs := open(t, server).Send(t.Context(), letters...)
	if errs[0] != nil || errs[1] == nil || errs[2] == nil || errs[3] != nil || len(server.Letters()) != 2 {
		t.Fatalf("errors: %v", errs)
	}
	if strings.Contains(errs[1].Error(), "nobody") {
		t.Errorf("the error tells whom the letter was to: %v", errs[1])
	}
}

func TestNoWordOfALetterBecomesAHeader(t *testing.T) {
	server := mailtest.Start(t)
	for _, subject := range []string{"Hej\r\nBcc: spy@example.org", "Hej\nBcc: spy@example.org", "Hej\rBcc: spy@example.org", "Hej\r\n\r\nAnother text", "Hej\u2028Bcc: spy@example.org", strings.Repeat("ø", 200) + "\r\nBcc: spy@example.org"} {
		before := len(server.Letters())
		l := letter
		l.Subject = subject
		if err := open(t, server).Send(t.Context(), l)[0]; err != nil {
			t.Fatal(err)
		}
		got := server.Wait(t, before+1)[before]
		if got.Header.Get("Bcc") != "" || got.To != letter.To || got.Text != letter.Text {
			t.Errorf("%q became %s", subject, got.Raw)
		}
	}
	for _, to := range []string{"bo@example.org\r\nBcc: spy@example.org", "bo@example.org, spy@example.org", "Bo <bo@example.org>"} {
		l := letter
		l.To = to
		if err := open(t, server).Send(t.Context(), l)[0]; err == nil {
			t.Errorf("%q was taken for an address", to)
		}
	}
}

func TestNobodyWaitsForAServerThatSaysNothing(t *testing.T) {
	for name, server := range map[string]*mailtest.Server{"silent": mailtest.Start(t, func(s *mailtest.Server) { s.Silent = true }), "away": {Addr: "127.0.0.1:1"}} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			errs := open(t, server).Send(ctx, letter, letter)
			if errs[0] == nil || errs[1] == nil {
				t.Fatalf("errors: %v", errs)
			}
		})
	}
}
