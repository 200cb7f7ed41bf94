package exchange

import (
	"bytes"
	"path"
	"strings"
)

// mediaTypes gives the media type of each format that has but one.
var mediaTypes = map[Format]string{
	FileText: "text/plain", FileMarkdown: "text/markdown", FileHTML: "text/html", FileVTT: "text/vtt", FileSRT: "application/x-subrip",
	FileCSV: "text/csv", FileTSV: "text/tab-separated-values", FileEML: "message/rfc822", FileRTF: "application/rtf",
	FilePDF: "application/pdf", FileEPUB: "application/epub+zip", FileZIP: "application/zip",
	FileODT:  "application/vnd.oasis.opendocument.text",
	FileDOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	FileXLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// MediaType gives the media type of a file of a format, whose beginning is data.
func MediaType(format Format, name string, data []byte) string {
	begins := func(s string) bool { return bytes.HasPrefix(data, []byte(s)) }
	ending := strings.ToLower(path.Ext(name))
	switch format { //nolint:exhaustive // the others have but one
	case FileAudio:
		switch {
		case begins("RIFF"):
			return "audio/wav"
		case ending == ".m4a":
			return "audio/mp4"
		}
		return "audio/mpeg"
	case FileVideo:
		if begins("\x1a\x45\xdf\xa3") {
			return "video/webm"
		}
		return "video/mp4"
	case FileImage:
		switch {
		case begins("\x89PNG"):
			return "image/png"
		case begins("GIF8"):
			return "image/gif"
		case begins("RIFF"):
			return "image/webp"
		}
		return "image/jpeg"
	case FileSlides:
		if ending == ".odp" {
			return "application/vnd.oasis.opendocument.presentation"
		}
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	}
	return mediaTypes[format]
}
