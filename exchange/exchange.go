// Package exchange holds the file formats in and out: pure readers and writers, one file for each
// format. It knows no store and no HTTP, and imports models alone of our own packages.
//
// Every offset is counted in Unicode code points of a text that [Normalise] has been over.
package exchange

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// The formats in which text is typed or sent, as the API names them.
const (
	FormatPlain    = "plain"
	FormatMarkdown = "markdown"
)

// Meta is what a file says of itself. Each field holds a valid value or none.
type Meta struct {
	Title      string
	ObservedOn models.Date
	Language   string            // a language tag such as da or en-GB
	Other      map[string]string // every other entry of the front matter, nil when there is none
}

// Document is one file as read: its content, how it was read, and what it says of itself.
type Document struct {
	Content   models.Content
	Encoding  string // the character encoding it was read as, such as utf-8 or windows-1252
	MediaType string
	Meta      Meta
}

// A reader makes a document of a file's bytes. A new format is a reader and its line in readers.
type reader func(data []byte) (Document, error)

// readers gives the reader for the ending of a file's name.
var readers = map[string]reader{
	".txt":      readPlain,
	".text":     readPlain,
	".md":       readMarkdown,
	".markdown": readMarkdown,
}

// Read reads a file by the ending of its name. It returns an Invalid error when the ending is not
// known (format_unknown), when the bytes are no text (file_empty, file_binary,
// file_encoding_unknown), when there are no words in it (text_empty) or too many blocks or marks
// (blocks_too_many, marks_too_many), and a TooLarge one for a text over models.MaxTextLength
// (text_too_long). Document.Meta.Title is empty unless the file itself names one.
func Read(name string, data []byte) (Document, error) {
	read, ok := readers[strings.ToLower(path.Ext(FileName(name)))]
	if !ok {
		return Document{}, models.Invalid("format_unknown",
			"Files ending in .txt, .text, .md and .markdown can be read. Save this one as plain text or Markdown first.")
	}
	doc, err := read(data)
	if err != nil {
		return Document{}, err
	}
	if len(doc.Content.Blocks) == 0 {
		return Document{}, models.Invalid("text_empty", "There are no words in this file.")
	}
	return doc, nil
}

// Typed reads text that was typed or sent, in the format plain (also when format is empty) or
// markdown. Empty text is no error here. The errors are those of [Read] that concern text, and
// text_not_utf8 and text_binary.
func Typed(format, text string) (models.Content, Meta, error) {
	switch format {
	case "", FormatPlain:
		c, err := Plain(text)
		return c, Meta{}, err
	case FormatMarkdown:
		return Markdown(text)
	default:
		return models.Content{}, Meta{}, models.Invalid("format_unknown",
			"The format of a text is plain or markdown.", models.Field{Pointer: "/format", Problem: "neither plain nor markdown"})
	}
}

func readPlain(data []byte) (Document, error) {
	text, encoding, err := Decode(data)
	if err != nil {
		return Document{}, err
	}
	content, err := Plain(text)
	if err != nil {
		return Document{}, err
	}
	return Document{Content: content, Encoding: encoding, MediaType: "text/plain"}, nil
}

func readMarkdown(data []byte) (Document, error) {
	text, encoding, err := Decode(data)
	if err != nil {
		return Document{}, err
	}
	content, meta, err := Markdown(text)
	if err != nil {
		return Document{}, err
	}
	return Document{Content: content, Encoding: encoding, MediaType: "text/markdown", Meta: meta}, nil
}

// FileName makes a name safe to keep and to show: the last element of a path (with either slash),
// without control characters, at most 200 code points of which the ending is kept. Nothing usable
// gives "file".
func FileName(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		default:
			return r
		}
	}, s)
	s = strings.TrimSpace(path.Base(s))
	if s == "" || s == "." || s == ".." || s == "/" {
		return "file"
	}
	if n := utf8.RuneCountInString(s); n > models.MaxName {
		points := []rune(s)
		ending := []rune(path.Ext(s))
		if len(ending) > 20 {
			ending = nil
		}
		s = string(points[:models.MaxName-len(ending)]) + string(ending)
	}
	return s
}
