package exchange

import (
	"path"
	"strings"
)

// Named gives the format that the ending of a file's name says, empty where nobody knows the ending.
func Named(name string) Format {
	return endings[strings.ToLower(path.Ext(FileName(name)))]
}

// mediaTypes gives the media types of files that are kept beside a note, by the endings of their names.
var mediaTypes = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav",
	".mp4": "video/mp4", ".webm": "video/webm",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odp":  "application/vnd.oasis.opendocument.presentation",
}

// MediaType gives the media type of a file of a format that is kept beside a note: by its name where
// that fits the format, and otherwise a type that no browser shows.
func MediaType(name string, format Format) string {
	if Named(name) == format {
		if known := mediaTypes[strings.ToLower(path.Ext(FileName(name)))]; known != "" {
			return known
		}
	}
	return "application/octet-stream"
}
