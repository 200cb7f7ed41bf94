// Package exchange holds the file formats in and out: pure readers and writers, one file for each
// format. It knows no store and no HTTP, and imports models alone of our own packages.
//
// Every offset is counted in Unicode code points of a text that [Normalise] has been over.
package exchange

import (
	"fmt"
	"path"
	"strings"
	"time"
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
	Author     string            // who wrote the file, by its own word
	CreatedAt  time.Time         // when the file says that it was begun
	ChangedAt  time.Time         // when the file says that it was last changed
	Other      map[string]string // every other entry of the front matter, nil when there is none
}

// Warning is what a reader had to leave out or to guess, in a sentence for people.
type Warning struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	// Values are the inserted parts of the sentence, in their order, for sentences in other languages.
	Values []string `json:"values,omitempty"`
}

// inserted gives a list of names as it is inserted into a sentence of any language, with how many more there are.
func inserted(names []string, more int) []string {
	list := strings.Join(names, ", ")
	if more > 0 {
		list += fmt.Sprintf(", +%d", more)
	}
	return []string{list}
}

// Comment is what somebody wrote in the margin of a document, at the code points [Start, End) of its text.
type Comment struct {
	Start, End int
	Author     string
	At         time.Time // zero when the file doesn't say
	Text       string
}

// Document is one file as read: its content, how it was read, and what it says of itself.
type Document struct {
	Content   models.Content
	Format    Format
	Encoding  string // the character encoding it was read as, such as utf-8 or windows-1252; empty where the format has but one
	MediaType string
	Meta      Meta
	Comments  []Comment
	Warnings  []Warning
	// Transcript says that the text is of turns: of captions, or of a document that [Turns] divided.
	Transcript bool
	// Speakers are who speaks in a transcript, in order of their first words. Each label of the file is a turn here,
	// also where two of one speaker follow each other.
	Speakers []Speaker
	// Language is the language that the words look like, as [Language] tells; what the file says is in Meta.
	Language string
	// NoText says that the file holds pictures of pages and no words: a scan. Content is empty then.
	NoText bool
}

// Options say how a file is to be read.
type Options struct {
	// Encoding is the character encoding to read text in, by its IANA name, instead of the one that is detected.
	Encoding string
	// Sheet is the sheet of a workbook to read, by its name; its first one with something in it when empty.
	Sheet string
	// Bare takes all lines of a table for rows, the first too: it may have no names of columns. The columns are numbered then.
	Bare bool
	// Transcript is whether the turns of a transcript are to be found: TranscriptYes, TranscriptNo, or empty
	// to find them where it is one.
	Transcript string
	// PDFToText is the path of the program pdftotext. PDFs are refused where it is empty.
	PDFToText string
}

// reader makes a document of a file's bytes.
type reader func(data []byte, o Options) (Document, error)

// readers gives the reader of each format that is a text. Tables, archives and media are no texts.
var readers = map[Format]reader{
	FileText:     readPlain,
	FileMarkdown: readMarkdown,
	FileDOCX:     readDOCX,
	FileODT:      readODT,
	FileRTF:      readRTF,
	FileHTML:     readHTML,
	FileEPUB:     readEPUB,
	FileEML:      readEML,
	FilePDF:      readPDF,
	FileVTT:      readCaptions,
	FileSRT:      readCaptions,
}

// Read reads a file in the format that [Detect] finds. It returns the errors of Detect, format_unknown
// for one that is no text, an Invalid error when the bytes are no text (file_empty, file_binary,
// file_encoding_unknown), when there are no words in it (text_empty) or too many blocks or marks
// (blocks_too_many, marks_too_many), and a TooLarge one for a text over models.MaxTextLength
// (text_too_long). Each reader names its own beside these. Document.Meta.Title is empty unless the file
// itself names one.
func Read(name string, data []byte, o Options) (Document, error) {
	format, err := Detect(name, data)
	if err != nil {
		return Document{}, err
	}
	read, ok := readers[format]
	if !ok {
		return Document{}, formatUnknown()
	}
	doc, err := read(data, o)
	if err != nil {
		return Document{}, err
	}
	doc.Format, doc.MediaType = format, MediaType(format, name, data)
	if len(doc.Content.Blocks) == 0 && !doc.NoText {
		return Document{}, models.Invalid("text_empty", "There are no words in this file.")
	}
	doc = withTranscript(doc, o.Transcript)
	doc.Language = Language(doc.Content.Text)
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

func readPlain(data []byte, o Options) (Document, error) {
	text, encoding, err := DecodeAs(data, o.Encoding)
	if err != nil {
		return Document{}, err
	}
	content, err := Plain(text)
	if err != nil {
		return Document{}, err
	}
	return Document{Content: content, Encoding: encoding}, nil
}

func readMarkdown(data []byte, o Options) (Document, error) {
	text, encoding, err := DecodeAs(data, o.Encoding)
	if err != nil {
		return Document{}, err
	}
	content, meta, err := Markdown(text)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Content: content, Encoding: encoding, Meta: meta}
	if o.Transcript != TranscriptNo {
		doc, _ = turnsInLines(text, doc)
	}
	return doc, nil
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
