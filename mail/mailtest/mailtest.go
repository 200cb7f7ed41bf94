// Package mailtest is a small mail server on this machine for tests, as net/http/httptest is one of pages.
package mailtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Letter is a letter that arrived.
type Letter struct {
	From, To string // of the envelope
	Header   mail.Header
	Subject  string
	Text     string
	Raw      string
	TLS      bool // it came encrypted
	User     string
}

// Server takes letters. Its fields may be set before the first connection.
type Server struct {
	Addr  string
	Roots *x509.CertPool // of its certificate
	// NoTLS leaves STARTTLS out; Implicit begins encrypted. Password is asked for if it isn't empty.
	NoTLS, Implicit bool
	Password        string
	// Refuse are the addresses that get no letters; Silent lets everybody wait for an answer.
	Refuse []string
	Silent bool

	certificate *tls.Config
	mu          sync.Mutex
	letters     []Letter
}

// Start runs a server until the test ends. Change says how it is.
func Start(t *testing.T, change ...func(*Server)) *Server {
	t.Helper()
	pages := httptest.NewUnstartedServer(nil) // it has a certificate for 127.0.0.1
	pages.StartTLS()
	s := &Server{Roots: x509.NewCertPool(), certificate: &tls.Config{Certificates: pages.TLS.Certificates, MinVersion: tls.VersionTLS12}}
	s.Roots.AddCert(pages.Certificate())
	pages.Close()
	for _, c := range change {
		c(s)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Addr = listener.Addr().String()
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		talks.Wait()
	})
	return s
}

// Letters gives what arrived so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Wait gives the letters once there are n of them.
func (s *Server) Wait(t *testing.T, n int) []Letter {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if all := s.Letters(); len(all) >= n {
			return all
		}
	}
	t.Fatalf("%d letters arrived, and not %d", len(s.Letters()), n)
	return nil
}

// talk is one connection (RFC 5321, as far as it is needed).
func (s *Server) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if s.Silent {
		_, _ = c.Read(make([]byte, 1)) // until the other side gives up
		return
	}
	var l Letter
	if s.Implicit {
		c, l.TLS = tls.Server(c, s.certificate), true
	}
	text := textproto.NewConn(c)
	say := func(line string) { _ = text.PrintfLine("%s", line) }
	say("220 mail.test ready")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-mail.test")
			if !s.NoTLS && !l.TLS {
				say("250-STARTTLS")
			}
			if s.Password != "" {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			c, l.TLS = tls.Server(c, s.certificate), true
			text = textproto.NewConn(c)
		case "AUTH":
			_, encoded, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(encoded)
			parts := bytes.Split(plain, []byte{0})
			if len(parts) != 3 || string(parts[2]) != s.Password {
				say("535 5.7.8 wrong")
				continue
			}
			l.User = string(parts[1])
			say("235 welcome")
		case "MAIL":
			l.From = address(rest)
			say("250 ok")
		case "RCPT":
			l.To = address(rest)
			if slices.Contains(s.Refuse, l.To) {
				say("550 5.1.1 nobody called " + l.To + " here")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			raw, err := io.ReadAll(text.DotReader())
			if err != nil {
				return
			}
			s.keep(l, string(raw))
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// address gives what stands in angle brackets.
func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

// keep reads a letter as a mail program would.
func (s *Server) keep(l Letter, raw string) {
	l.Raw = raw
	if m, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(raw))); err == nil {
		l.Header = m.Header
		l.Subject, _ = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		body := m.Body
		if strings.EqualFold(m.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
			body = quotedprintable.NewReader(body)
		}
		b, _ := io.ReadAll(body)
		l.Text = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
}
