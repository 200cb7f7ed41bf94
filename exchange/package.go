package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"feltbog/models"
)

// Bounds on an archive that is read as one file or holds many.
const (
	maxUnpacked = 64 << 20 // bytes of all parts of a document that are read
	maxParts    = 10_000   // parts of an archive
)

// openZip opens an archive. It returns an Invalid error for one that is cut off or broken (file_damaged)
// or holds too many entries (file_too_many_inside).
func openZip(data []byte) (*zip.Reader, error) {
	// The entries are counted before they are read, for a list of a million takes more memory than the
	// file has, and the number that the archive gives for them may be any.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxParts {
		return nil, models.Invalid("file_too_many_inside", fmt.Sprintf(
			"There are %d files within this one, and %d are the most. Divide it.", n, maxParts))
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	return z, nil
}

// container is an archive of parts that make up one document, as Office, OpenDocument and e-books are.
// Nothing is unpacked before it is asked for, nor more than maxUnpacked in all.
type container struct {
	parts map[string]*zip.File // by name, in the form of partName
	left  int64                // bytes that may still be unpacked
}

// openContainer opens a document that is an archive. The errors are those of openZip.
func openContainer(data []byte) (*container, error) {
	z, err := openZip(data)
	if err != nil {
		return nil, err
	}
	c := &container{parts: make(map[string]*zip.File, len(z.File)), left: maxUnpacked}
	for _, f := range z.File {
		name := partName(f.Name)
		if _, known := c.parts[name]; !known {
			c.parts[name] = f
		}
	}
	return c, nil
}

// partName brings the name of a part into the form in which names are compared: without a leading
// slash, in small letters, for Office takes no notice of case.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// has says whether there is a part of that name.
func (c *container) has(name string) bool {
	_, ok := c.parts[partName(name)]
	return ok
}

// read unpacks a part. There is nothing in one that is missing. It returns an Invalid error for a part
// that is broken (file_damaged) or locked (file_protected), and a TooLarge one when more would have to be
// unpacked than a document may hold (file_too_large_inside).
func (c *container) read(name string) ([]byte, error) {
	f, ok := c.parts[partName(name)]
	if !ok {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, protected()
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	defer r.Close() //nolint:errcheck // it was read
	var b bytes.Buffer
	// What the archive says of the size may be untrue, so it is believed within reason.
	b.Grow(int(min(f.UncompressedSize64, uint64(c.left), 50*f.CompressedSize64+1024)) + bytes.MinRead)
	n, err := io.Copy(&b, io.LimitReader(r, c.left+1))
	if c.left -= n; c.left < 0 {
		return nil, tooLargeInside()
	}
	if err != nil {
		return nil, damaged(err)
	}
	return b.Bytes(), nil
}

// xml unpacks a part and begins to read it as XML, with the short names that namespaces have. A missing
// part reads as one without an element.
func (c *container) xml(name string, namespaces map[string]string) (*xmlReader, error) {
	data, err := c.read(name)
	if err != nil {
		return nil, err
	}
	text, err := xmlText(data)
	if err != nil {
		return nil, err
	}
	if len(text) != len(data) {
		if c.left -= int64(len(text)); c.left < 0 {
			return nil, tooLargeInside()
		}
	}
	return newXML(text, namespaces), nil
}

// xmlText gives XML in UTF-8: by its byte order mark, else by what its declaration says.
func xmlText(data []byte) ([]byte, error) {
	name := "utf-8"
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00?\x00")):
		name = "utf-16le"
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<\x00?")):
		name = "utf-16be"
	default:
		if s := declaredEncoding(data); s != "" && !strings.HasPrefix(strings.ToLower(s), "utf-16") {
			name = s
		}
	}
	if strings.EqualFold(name, "utf-8") {
		return data, nil
	}
	encoding, err := htmlindex.Get(name)
	if err != nil {
		return nil, damaged(err)
	}
	text, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return nil, damaged(err)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

// declaredEncoding gives the encoding that an XML declaration names, empty where it names none.
func declaredEncoding(data []byte) string {
	if !bytes.HasPrefix(data, []byte("<?xml")) {
		return ""
	}
	declaration, _, _ := bytes.Cut(data[:min(len(data), 200)], []byte("?>"))
	_, rest, found := bytes.Cut(declaration, []byte("encoding"))
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if !found || len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(name)
}

func damaged(cause error) error {
	return models.Invalid("file_damaged",
		"This file is damaged: a part of it can't be read. Open it where it was made, save it again, and upload that copy.").Because(cause)
}

func noText() error {
	return models.Invalid("file_damaged",
		"There is no text in this file: the part that holds it is missing. Open it where it was made, save it again, and upload that copy.")
}

func protected() error {
	return models.Invalid("file_protected", "This file is protected by a password. Upload a copy without one.")
}

func tooLargeInside() error {
	return models.TooLarge("file_too_large_inside", fmt.Sprintf(
		"This file unpacks to more than %d MB, which no document needs. Save its text as a new file.", maxUnpacked>>20))
}
