package exchange

import (
	"path"
	"strings"
)

// Named gives the format that the ending of a file's name says, empty where nobody knows the ending.
func Named(name string) Format {
	return endings[strings.ToLower(path.Ext(FileName(name)))]
}
