package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feltbog/config"
)

func TestLoad(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, []byte("sesam\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		env    string
		flags  config.Overrides
		faults []string // empty: it loads
	}{
		{name: "nothing set", env: ""},
		{name: "beyond loopback without https", env: "FELTBOG_ADDR=0.0.0.0:8080", faults: []string{"FELTBOG_PUBLIC_URL"}},
		{name: "beyond loopback with https", env: "FELTBOG_ADDR=:8080 FELTBOG_PUBLIC_URL=https://feltbog.example.org"},
		{name: "beyond loopback, insecure", env: "FELTBOG_ADDR=:8080", flags: config.Overrides{Insecure: true}},
		{name: "http beyond loopback", env: "FELTBOG_ADDR=:8080 FELTBOG_PUBLIC_URL=http://feltbog.example.org", faults: []string{"https://"}},
		{name: "an unknown variable", env: "FELTBOG_HOST=127.0.0.1:1", faults: []string{"FELTBOG_HOST"}},
		{name: "several faults at once", env: "FELTBOG_SIGN_UP=maybe FELTBOG_ADDR=8080 FELTBOG_TRUSTED_PROXIES=me", faults: []string{"FELTBOG_SIGN_UP", "FELTBOG_ADDR", "FELTBOG_TRUSTED_PROXIES"}},
		{name: "one engine only", env: "FELTBOG_MONGODB_URI=mongodb://x", faults: []string{"set together"}},
		{name: "search without its key", env: "FELTBOG_MONGODB_URI=mongodb://x FELTBOG_MEILISEARCH_URL=http://y", faults: []string{"FELTBOG_MEILISEARCH_KEY"}},
		{name: "a key from a file", env: "FELTBOG_MONGODB_URI=mongodb://x FELTBOG_MEILISEARCH_URL=http://y FELTBOG_MEILISEARCH_KEY_FILE=" + secret},
		{name: "a key file that isn't there", env: "FELTBOG_MEILISEARCH_KEY_FILE=/nowhere", faults: []string{"FELTBOG_MEILISEARCH_KEY_FILE"}},
		{name: "mail", env: "FELTBOG_SMTP_ADDR=mail.example.org:587 FELTBOG_SMTP_FROM=feltbog@example.org FELTBOG_SMTP_USER=u FELTBOG_SMTP_PASSWORD_FILE=" + secret},
		{name: "mail in clear on this machine", env: "FELTBOG_SMTP_ADDR=127.0.0.1:25 FELTBOG_SMTP_FROM=feltbog@example.org FELTBOG_SMTP_TLS=none"},
		{name: "mail without a server", env: "FELTBOG_SMTP_FROM=feltbog@example.org", faults: []string{"FELTBOG_SMTP_ADDR is needed"}},
		{
			name: "all faults of mail at once", env: "FELTBOG_ADDR=:8080 FELTBOG_SMTP_ADDR=mail.example.org FELTBOG_SMTP_FROM=nobody FELTBOG_SMTP_USER=u FELTBOG_SMTP_TLS=ssl", flags: config.Overrides{Insecure: true},
			faults: []string{"FELTBOG_SMTP_ADDR is HOST:PORT", "FELTBOG_SMTP_FROM", "FELTBOG_SMTP_PASSWORD", "FELTBOG_SMTP_TLS is one of", "FELTBOG_PUBLIC_URL is needed"},
		},
		{name: "mail in clear over the network", env: "FELTBOG_SMTP_ADDR=mail.example.org:25 FELTBOG_SMTP_FROM=feltbog@example.org FELTBOG_SMTP_TLS=none", faults: []string{"only for a mail server on this machine"}},
		{name: "a key twice", env: "FELTBOG_MEILISEARCH_KEY=a FELTBOG_MEILISEARCH_KEY_FILE=" + secret, faults: []string{"both set"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := config.Load(strings.Fields(c.env), c.flags)
			if len(c.faults) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(c.env, "KEY_FILE") && got.MeiliKey != "sesam" {
					t.Fatalf("the key is %q", got.MeiliKey)
				}
				return
			}
			if err == nil {
				t.Fatal("it loads")
			}
			for _, f := range c.faults {
				if !strings.Contains(err.Error(), f) {
					t.Errorf("%q isn't named in: %v", f, err)
				}
			}
		})
	}
}

func TestFlagsWinOverTheEnvironmentAndThatOverDefaults(t *testing.T) {
	c, err := config.Load([]string{"FELTBOG_ADDR=127.0.0.1:1", "FELTBOG_DATA=/a"}, config.Overrides{Addr: "127.0.0.1:2"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:2" || c.Data != "/a" || c.SignUp != "invite" || !c.Local() {
		t.Fatalf("%+v", c)
	}
}

func TestEveryVariableIsInTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range config.Variables() {
		if !strings.Contains(string(readme), v) {
			t.Errorf("%s isn't explained in the README", v)
		}
	}
}

func TestTheProgramForPDFs(t *testing.T) {
	c, err := config.Load([]string{"FELTBOG_PDFTOTEXT=/opt/poppler/bin/pdftotext"}, config.Overrides{})
	if err != nil || c.PDFToText != "/opt/poppler/bin/pdftotext" {
		t.Fatalf("%q, %v", c.PDFToText, err)
	}
}
