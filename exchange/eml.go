package exchange

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"

	"feltbog/models"
)

// Bounds on a mail.
const (
	maxMailDepth  = 10
	maxMailParts  = 1_000
	maxMailText   = 16 << 20 // bytes of one text in it
	maxMailNamed  = 10       // attachments that a warning names
	maxMailHeader = 1 << 20  // bytes of what stands before the first blank line
)

// readEML reads a mail: its subject is the title, the day it was sent that of the observation. Its plain
// text is read or, where there is none, its web page. Attachments are left out, and named. It returns an
// Invalid error for an encrypted mail (file_protected) and for one that can't be read (file_damaged).
func readEML(data []byte, o Options) (Document, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("From ")) { // as a mailbox keeps it
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	if head := data[:min(len(data), maxMailHeader)]; len(head) == maxMailHeader &&
		!bytes.Contains(head, []byte("\n\n")) && !bytes.Contains(head, []byte("\n\r\n")) {
		return Document{}, damaged(nil)
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return Document{}, damaged(err)
	}
	m := mailReader{forced: o.Encoding}
	if err := m.part(textproto.MIMEHeader(message.Header), message.Body, 0); err != nil {
		return Document{}, err
	}
	doc, err := m.document()
	if err != nil {
		return Document{}, err
	}
	doc.Encoding = m.encoding
	doc.Meta = mailMeta(message.Header, doc.Meta.Language)
	doc.Warnings = append(m.warnings(), doc.Warnings...)
	return doc, nil
}

// mailMeta reads what a mail says of itself.
func mailMeta(header mail.Header, language string) Meta {
	meta := Meta{Title: oneLine(decodeHeader(header.Get("Subject")), models.MaxName), Language: language}
	if at, err := header.Date(); err == nil && !likely(at).IsZero() {
		meta.ObservedOn = models.Date(at.Format(time.DateOnly)) // by the clock of whoever sent it
		meta.CreatedAt = likely(at)
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: charsetReader}}
	if from, err := parser.ParseList(header.Get("From")); err == nil && len(from) > 0 {
		meta.Author = oneLine(from[0].Name, models.MaxName)
		if meta.Author == "" {
			meta.Author = oneLine(from[0].Address, models.MaxName)
		}
	} else {
		meta.Author = oneLine(decodeHeader(header.Get("From")), models.MaxName)
	}
	return meta
}

// decodeHeader decodes the words of a header that aren't ASCII.
func decodeHeader(s string) string {
	decoder := mime.WordDecoder{CharsetReader: charsetReader}
	if decoded, err := decoder.DecodeHeader(s); err == nil {
		s = decoded
	}
	if text, _, err := Decode([]byte(s)); err == nil {
		return text
	}
	return s
}

func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return e.NewDecoder().Reader(r), nil
}

// mailText is one of the texts of a mail.
type mailText struct {
	page bool // a web page
	text string
}

// mailReader gathers the texts of a mail.
type mailReader struct {
	forced   string
	encoding string // of the first text
	texts    []mailText
	named    []string // attachments
	more     int      // attachments that aren't named
	parts    int
	cut      bool
}

// part reads a part of a mail, which may hold others.
func (m *mailReader) part(header textproto.MIMEHeader, body io.Reader, depth int) error {
	m.parts++
	if m.parts > maxMailParts || depth > maxMailDepth {
		return models.Invalid("file_damaged", "This mail has more parts within each other than any mail needs. Copy its text into a file, and upload that.")
	}
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil && kind == "" || header.Get("Content-Type") == "" {
		kind, params = "text/plain", nil
	}
	disposition, file, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	name := file["filename"]
	if name == "" {
		name = params["name"]
	}
	name = decodeHeader(name)
	switch {
	case kind == "multipart/encrypted", kind == "application/pgp-encrypted",
		strings.HasSuffix(kind, "pkcs7-mime") && depth == 0:
		return encryptedMail()
	case strings.HasPrefix(kind, "multipart/"):
		return m.multipart(kind, params["boundary"], body, depth)
	case strings.EqualFold(disposition, "attachment"), !strings.HasPrefix(kind, "text/plain") && kind != "text/html":
		m.attached(kind, name)
		return nil
	}
	return m.read(kind == "text/html", params, header.Get("Content-Transfer-Encoding"), body)
}

func encryptedMail() error {
	return models.Invalid("file_protected", "This mail is encrypted. Open it in your mail program, save its text, and upload that.")
}

// attached remembers an attachment. Signatures and the pictures of a web page aren't worth a word.
func (m *mailReader) attached(kind, name string) {
	if strings.HasSuffix(kind, "-signature") || name == "" && kind != "message/rfc822" {
		return
	}
	if name == "" {
		name = "a forwarded mail"
	}
	if len(m.named) == maxMailNamed {
		m.more++
		return
	}
	m.named = append(m.named, FileName(name))
}

// multipart reads the parts within one: of alternatives the plain text, else the last that is a text.
func (m *mailReader) multipart(kind, boundary string, body io.Reader, depth int) error {
	if boundary == "" {
		return damaged(errors.New("parts without a boundary"))
	}
	before := len(m.texts)
	parts := multipart.NewReader(body, boundary)
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			m.cut = true
			break
		}
		if err := m.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
	if kind == "multipart/alternative" && len(m.texts) > before+1 {
		chosen := m.texts[before]
		for _, t := range m.texts[before:] {
			if chosen.page && !t.page || strings.TrimSpace(chosen.text) == "" {
				chosen = t
			}
		}
		m.texts = append(m.texts[:before], chosen)
	}
	return nil
}

// read reads a text.
func (m *mailReader) read(page bool, params map[string]string, transfer string, body io.Reader) error {
	switch strings.ToLower(strings.TrimSpace(transfer)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(io.LimitReader(body, maxMailText+1))
	if len(data) > maxMailText {
		return tooLong(len(data))
	}
	m.cut = m.cut || err != nil
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	text, encoding, err := m.decode(data, params["charset"], page)
	if err != nil {
		return err
	}
	if m.encoding == "" {
		m.encoding = encoding
	}
	if !page {
		if strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN PGP MESSAGE-----") {
			return encryptedMail()
		}
		if strings.EqualFold(params["format"], "flowed") {
			text = unflow(text, strings.EqualFold(params["delsp"], "yes"))
		}
	}
	m.texts = append(m.texts, mailText{page, text})
	return nil
}

// decode gives a text in the encoding that was chosen, else the one that the mail names if its bytes fit.
func (m *mailReader) decode(data []byte, charset string, page bool) (text, encoding string, err error) {
	if m.forced != "" {
		return DecodeAs(data, m.forced)
	}
	if e, err := htmlindex.Get(charset); err == nil {
		name, nameErr := htmlindex.Name(e)
		decoded, err := e.NewDecoder().Bytes(data)
		if nameErr == nil && err == nil && !bytes.ContainsRune(decoded, '\ufffd') && bytes.IndexByte(decoded, 0) < 0 {
			return string(decoded), name, nil
		}
	}
	if page {
		return decodeHTML(data, "")
	}
	return Decode(data)
}

// unflow joins the lines that a mail program broke, by RFC 3676: those that end with a space, but for the
// line before a signature. The words of others, which begin with ">", stay as they are.
func unflow(text string, deleteSpace bool) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var b strings.Builder
	for i, line := range lines {
		if strings.HasPrefix(line, ">") {
			b.WriteString(line + "\n")
			continue
		}
		line = strings.TrimPrefix(line, " ") // that a program put before what would look like something else
		last := i+1 == len(lines) || strings.HasPrefix(lines[i+1], ">")
		flows := strings.HasSuffix(line, " ") && line != "-- " && !last
		if flows && deleteSpace {
			line = strings.TrimSuffix(line, " ")
		}
		b.WriteString(line)
		if !flows {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// document makes one text of all.
func (m *mailReader) document() (Document, error) {
	pages := 0
	var plain []string
	for _, t := range m.texts {
		if t.page {
			pages++
			continue
		}
		plain = append(plain, strings.Trim(t.text, "\r\n"))
	}
	switch {
	case pages == 0:
		content, err := Plain(strings.Join(plain, "\n\n"))
		return Document{Content: content}, err
	case len(m.texts) == 1:
		return htmlDocument(m.texts[0].text)
	}
	s := newSurvey()
	h := newHTMLReader(s)
	for i, t := range m.texts {
		name := strconv.Itoa(i)
		if !t.page {
			h.writePlain(t.text)
			h.breakLeaf()
			continue
		}
		text := cutEmbedded(t.text)
		if err := s.read(name, text, false); err != nil {
			return Document{}, err
		}
		h.readFile(name, text, false)
	}
	doc, err := h.document()
	doc.Meta = h.meta
	return doc, err
}

func (m *mailReader) warnings() []Warning {
	var w []Warning
	if len(m.named) > 0 {
		names := strings.Join(m.named, ", ")
		values := inserted(m.named, m.more)
		if m.more > 0 {
			names += fmt.Sprintf(" and %d more", m.more)
		}
		w = append(w, Warning{Code: "attachments_left_out", Sentence: "Attachments were left out: " + names + ". Upload those that you need as files of their own.", Values: values})
	}
	if m.cut {
		w = append(w, warnCutShort)
	}
	return w
}
