package models

// Letter is an e-mail in plain text. Its subject is one line.
type Letter struct {
	To      string // a bare address
	Subject string
	Text    string
}
