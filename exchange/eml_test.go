package exchange_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

const mailHead = "From: =?iso-8859-1?Q?Lea_M=F8ller?= <lea@example.org>\r\nTo: lea@example.org\r\nSubject: =?utf-8?B?TcO4ZGU=?= =?utf-8?Q?t_p=C3=A5?=\r\n r=?utf-8?Q?=C3=A5dhuset?=\r\nDate: Wed, 03 Apr 2024 23:15:00 +0200\r\nMIME-Version: 1.0\r\n"

func TestEML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, want, encoding string
		warnings                     []string
	}{
		{"reads plain text", mailHead + "\r\nOne\r\ntwo\r\n\r\nThree\r\n", "paragraph \"One\\ntwo\"\nparagraph \"Three\"", "utf-8", nil},
		{"reads lines ended as on Unix", strings.ReplaceAll(mailHead, "\r", "") + "\nOne", `paragraph "One"`, "utf-8", nil},
		{"reads quoted-printable in a named encoding", mailHead + "Content-Type: text/plain; charset=\"iso-8859-1\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nM=F8det p=E5 =\r\nr=E5dhuset", `paragraph "Mødet på rådhuset"`, "windows-1252", nil},
		{"reads base64", mailHead + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("Mødet")) + "\r\n", `paragraph "Mødet"`, "utf-8", nil},
		{"finds an encoding that is named wrongly", mailHead + "Content-Type: text/plain; charset=utf-8\r\n\r\nM\xf8det p\xe5 r\xe5dhuset", `paragraph "Mødet på rådhuset"`, "windows-1252", nil},
		{"joins the lines that a program broke", mailHead + "Content-Type: text/plain; format=flowed\r\n\r\nOne \r\ntwo\r\n> three \r\n> four\r\n-- \r\nLea", "paragraph \"One two\\n> three \\n> four\\n-- \\nLea\"", "utf-8", nil},
		{"reads a web page where there is no plain text", mailHead + "Content-Type: text/html; charset=utf-8\r\n\r\n<h1>Ø</h1><table><tr><td><p>b</p><script>c</script></table>", "heading level 1 \"Ø\"\nparagraph \"b\"", "utf-8", nil},
		{
			"prefers plain text, and names what is attached", mailHead + "Content-Type: multipart/mixed; boundary=a\r\n\r\nThis is MIME.\r\n--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>page</p>\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b--\r\n" +
				"--a\r\nContent-Type: image/png; name=\"=?utf-8?Q?k=C3=B8kken.png?=\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--a\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"../log.txt\"\r\n\r\nlog\r\n--a\r\nContent-Type: text/plain\r\n\r\nsignature of a list\r\n--a--\r\n",
			"paragraph \"plain\"\nparagraph \"signature of a list\"", "utf-8",
			[]string{"attachments_left_out"},
		},
		{
			"reads pages and plain text one after another", mailHead + "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\none\r\n\r\ntwo\r\n--a\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<ul><li>three</ul>\r\n--b\r\nContent-Type: image/png\r\n\r\n\r\n--b--\r\n--a--\r\n",
			"paragraph \"one\"\nparagraph \"two\"\nlistItem level 1 \"three\"", "utf-8", nil,
		},
		{"reads a mail as a mailbox keeps it", "From lea@example.org Wed Apr  3 09:15:00 2024\n" + strings.ReplaceAll(mailHead, "\r", "") + "\nOne", `paragraph "One"`, "utf-8", nil},
		{"says that a mail is cut off", mailHead + "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\none", `paragraph "one"`, "utf-8", []string{"file_cut_short"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readSource(t, "mail.eml", c.source)
			if diff := cmp.Diff(c.want, drawn(doc.Content)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.warnings, codes(doc.Warnings)); diff != "" || doc.Encoding != c.encoding {
				t.Error(doc.Encoding, diff)
			}
			want := exchange.Meta{
				Title: "Mødet på rådhuset", Author: "Lea Møller", ObservedOn: "2024-04-03",
				CreatedAt: time.Date(2024, 4, 3, 21, 15, 0, 0, time.UTC),
			}
			if diff := cmp.Diff(want, doc.Meta); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("names attachments without their folders", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "mail.eml", mailHead+"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\none\r\n--a\r\nContent-Disposition: attachment; filename=\"../k.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--a--\r\n")
		if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0].Sentence, ": k.pdf, a forwarded mail.") {
			t.Error(doc.Warnings)
		}
	})
	t.Run("reads its text in the encoding that is chosen", func(t *testing.T) {
		t.Parallel()
		doc, err := exchange.Read("mail.eml", []byte(mailHead+"\r\nM\xd8"), exchange.Options{Encoding: "iso-8859-5"})
		if err != nil || doc.Content.Text != "Mи" || doc.Encoding != "iso-8859-5" {
			t.Error(doc.Content.Text, doc.Encoding, err)
		}
	})
}

func TestEMLRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Builder{}
	for i := range 20 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=a%02d\r\n\r\n--a%02d\r\n", i, i)
	}
	for _, c := range []struct{ name, data, code string }{
		{"a mail that PGP encrypted", mailHead + "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=a\r\n\r\n--a--", "file_protected"},
		{"a mail that S/MIME encrypted", mailHead + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nMIIB", "file_protected"},
		{"a text that PGP encrypted", mailHead + "\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----", "file_protected"},
		{"what is no mail", "Dear all,\n\nno head", "file_damaged"},
		{"parts too deep within each other", deep.String(), "file_damaged"},
		{"attachments alone", mailHead + "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF", "text_empty"},
		{"a head without end", "A: " + strings.Repeat("b", 2<<20), "file_damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Read("mail.eml", []byte(c.data), exchange.Options{})
			wantCode(t, err, models.KindInvalid, c.code)
		})
	}
}

func FuzzEML(f *testing.F) {
	for _, s := range []string{
		mailHead + "\r\nOne\r\n",
		mailHead + "Content-Type: text/plain; charset=iso-8859-1; format=flowed; delsp=yes\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nM=F8 \r\n> a",
		"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>a\n--b\n\nb\n--b--\n--a\nContent-Disposition: attachment; filename=c\n\nd\n--a--\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, "mail.eml", data) })
}
