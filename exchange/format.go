package exchange

import (
	"archive/zip"
	"bytes"
	"path"
	"slices"
	"strings"

	"feltbog/models"
)

// Format is what a file is.
type Format string

// The formats of files.
const (
	FileText     Format = "text"
	FileMarkdown Format = "markdown"
	FileDOCX     Format = "docx"
	FileODT      Format = "odt"
	FileRTF      Format = "rtf"
	FileHTML     Format = "html"
	FileEPUB     Format = "epub"
	FileEML      Format = "eml"
	FilePDF      Format = "pdf"
	FileVTT      Format = "vtt"
	FileSRT      Format = "srt"
	FileCSV      Format = "csv"
	FileTSV      Format = "tsv"
	FileXLSX     Format = "xlsx"
	FileZIP      Format = "zip"
	FileAudio    Format = "audio"
	FileVideo    Format = "video"
	FileImage    Format = "image"
	FileSlides   Format = "slides"
)

// endings gives the format of each ending of a file's name.
var endings = map[string]Format{
	".txt": FileText, ".text": FileText,
	".md": FileMarkdown, ".markdown": FileMarkdown,
	".docx": FileDOCX, ".odt": FileODT, ".rtf": FileRTF,
	".html": FileHTML, ".htm": FileHTML, ".xhtml": FileHTML,
	".epub": FileEPUB, ".eml": FileEML, ".pdf": FilePDF,
	".vtt": FileVTT, ".srt": FileSRT,
	".csv": FileCSV, ".tsv": FileTSV, ".tab": FileTSV, ".xlsx": FileXLSX,
	".zip": FileZIP,
	".mp3": FileAudio, ".m4a": FileAudio, ".wav": FileAudio,
	".mp4": FileVideo, ".webm": FileVideo,
	".png": FileImage, ".jpg": FileImage, ".jpeg": FileImage, ".gif": FileImage, ".webp": FileImage,
	".pptx": FileSlides, ".odp": FileSlides,
}

// signed gives the formats that are known by how their files begin.
var signed = []struct {
	bytes  string
	at     int
	format Format
}{
	{"%PDF-", 0, FilePDF},
	{"{\\rtf", 0, FileRTF},
	{"\x89PNG\r\n\x1a\n", 0, FileImage},
	{"\xff\xd8\xff", 0, FileImage},
	{"GIF8", 0, FileImage},
	{"WEBP", 8, FileImage},
	{"WAVE", 8, FileAudio},
	{"ID3", 0, FileAudio},
	{"ftypM4A", 4, FileAudio},
	{"ftyp", 4, FileVideo},
	{"\x1a\x45\xdf\xa3", 0, FileVideo},
}

// isText tells the formats that are text to read with an editor: their files have no beginning of
// their own, so the ending of the name tells them apart.
func (f Format) isText() bool {
	return slices.Contains([]Format{FileText, FileMarkdown, FileHTML, FileEML, FileVTT, FileSRT, FileCSV, FileTSV}, f)
}

// Media says whether a file of this format is kept beside a note to be played or shown, and not read.
func (f Format) Media() bool {
	return slices.Contains([]Format{FileAudio, FileVideo, FileImage, FileSlides}, f)
}

// Table says whether a file of this format is a table.
func (f Format) Table() bool {
	return slices.Contains([]Format{FileCSV, FileTSV, FileXLSX}, f)
}

func fileEmpty() error {
	return models.Invalid("file_empty", "This file is empty: it has zero bytes.")
}

// Detect tells what a file is: by its content where that says so, else by the ending of its name.
// Data may be the beginning of a recording or picture. It returns an Invalid error for no bytes
// (file_empty), an ending that nobody knows (format_unknown), a protected Office file (file_protected),
// and content that is not what the name says (format_mismatch).
func Detect(name string, data []byte) (Format, error) {
	ending := strings.ToLower(path.Ext(FileName(name)))
	named, known := endings[ending]
	if len(data) == 0 {
		return "", fileEmpty()
	}
	if found := bySignature(data, named); found != "" {
		return found, nil
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", oleProblem(data)
	case !known:
		return "", formatUnknown()
	case named.isText(), named == FileAudio && isMP3(data):
		return named, nil
	}
	return "", models.Invalid("format_mismatch", "This file is named "+ending+", but it isn't one. It may be damaged: open it where it was made, and save it again.")
}

// bySignature knows a file by how it begins, empty when it has no beginning of its own.
func bySignature(data []byte, named Format) Format {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return zipped(data, named)
	}
	for _, s := range signed {
		if len(data) >= s.at+len(s.bytes) && string(data[s.at:s.at+len(s.bytes)]) == s.bytes {
			if s.format == FileVideo && named == FileAudio {
				return named // an M4A may name any brand of MP4
			}
			return s.format
		}
	}
	return ""
}

// zipped tells the formats apart that are archives. One that can't be opened is what its name says, and
// its reader says what is wrong with it.
func zipped(data []byte, named Format) Format {
	z, err := openZip(data)
	if err != nil {
		if slices.Contains([]Format{FileDOCX, FileODT, FileEPUB, FileXLSX, FileSlides}, named) {
			return named
		}
		return FileZIP
	}
	for _, f := range z.File {
		switch {
		case f.Name == "mimetype" && f.UncompressedSize64 < 200:
			return byMimetype(f)
		case strings.HasPrefix(f.Name, "word/"):
			return FileDOCX
		case strings.HasPrefix(f.Name, "xl/"):
			return FileXLSX
		case strings.HasPrefix(f.Name, "ppt/"):
			return FileSlides
		}
	}
	if named == FileDOCX || named == FileXLSX {
		return named
	}
	return FileZIP
}

// byMimetype reads the entry in which OpenDocument and EPUB say what they are.
func byMimetype(f *zip.File) Format {
	r, err := f.Open()
	if err != nil {
		return FileZIP
	}
	defer r.Close() //nolint:errcheck // it was read
	b := make([]byte, 200)
	n, _ := r.Read(b)
	switch said := strings.TrimSpace(string(b[:n])); {
	case strings.HasPrefix(said, "application/vnd.oasis.opendocument.text"):
		return FileODT
	case strings.HasPrefix(said, "application/vnd.oasis.opendocument.presentation"):
		return FileSlides
	case said == "application/epub+zip":
		return FileEPUB
	}
	return FileZIP
}

// oleProblem tells a protected Office file from an old one.
func oleProblem(data []byte) error {
	if bytes.Contains(data, utf16Name("EncryptedPackage")) {
		return protected()
	}
	return models.Invalid("format_unknown", "This is an old Office file. Save it as .docx or .xlsx first.")
}

// utf16Name is a name as the directory of an old Office file has it.
func utf16Name(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// isMP3 knows the frames of an MP3 without tags, by the eleven bits that begin each.
func isMP3(data []byte) bool {
	return len(data) > 1 && data[0] == 0xff && data[1]&0xe0 == 0xe0
}

func formatUnknown() error {
	return models.Invalid("format_unknown",
		"Files of this kind can't be read. What can: Word, OpenDocument, RTF, PDF, web pages, e-books and mail, text and Markdown, captions, tables, recordings and pictures.")
}
