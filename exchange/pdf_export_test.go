package exchange

import "strings"

// ReadBoxes reads what pdftotext might write.
func ReadBoxes(output string) (Document, error) {
	p, err := parseBoxes(strings.NewReader(output))
	if err != nil {
		return Document{}, err
	}
	return p.document()
}
