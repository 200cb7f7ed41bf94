package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"
)

// references are the link targets a document defines, by folded label.
type references map[string]string

// Bounds on the parts of a link, which also bound the time spent on what turns out to be none.
const (
	maxDestination = 4_000 // bytes as it is written
	maxTitle       = 1_000 // bytes of a title and of a label
	maxURL         = 2_000 // bytes as it is kept
	maxParentheses = 32    // within each other in a destination
)

// linkTail reads what follows the text of a link, from the closing bracket at pos: a destination in
// parentheses, or a reference by label. It gives the place after it, 0 when there is none.
func (r *inlineReader) linkTail(labelFrom int) (url string, end int) {
	rest := r.source[r.pos+1:]
	if strings.HasPrefix(rest, "(") {
		if url, size := inlineDestination(rest); size > 0 {
			return url, r.pos + 1 + size
		}
	}
	if len(r.refs) == 0 {
		return "", 0
	}
	label, end := r.source[labelFrom:r.pos], r.pos+1
	if strings.HasPrefix(rest, "[") {
		if n := strings.IndexAny(rest[1:min(len(rest), maxTitle)], "[]"); n >= 0 && rest[n+1] == ']' {
			if n > 0 {
				label = rest[1 : n+1]
			}
			end += n + 2
		}
	}
	if len(label) > maxTitle {
		return "", 0
	}
	if url, ok := r.refs[foldLabel(label)]; ok {
		return url, end
	}
	return "", 0
}

// foldLabel brings a reference's label into the form in which labels are compared.
func foldLabel(label string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(label), " ")))
}

// inlineDestination reads `(destination "title")` and gives the destination, decoded, and the size of
// the whole, 0 when it is no such thing.
func inlineDestination(s string) (destination string, size int) {
	i := skipSpace(s, 1)
	raw, n := rawDestination(s[i:])
	if n == 0 {
		return "", 0
	}
	i += n
	after := skipSpace(s, i)
	if after > i && after < len(s) && strings.IndexByte(`"'(`, s[after]) >= 0 {
		n := titleSize(s[after:])
		if n == 0 {
			return "", 0
		}
		after = skipSpace(s, after+n)
	}
	if after >= len(s) || s[after] != ')' || isTimeOrNumber(raw) {
		return "", 0
	}
	return unescape(raw), after + 1
}

// isTimeOrNumber tells a destination that leads nowhere, such as 00:12 or 3.
func isTimeOrNumber(s string) bool { return strings.Trim(s, "0123456789:.,- ") == "" }

// skipSpace gives the place of the first character from i that is no white space.
func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n') {
		i++
	}
	return i
}

// rawDestination reads a link's destination as it is written, in angle brackets or bare.
func rawDestination(s string) (raw string, size int) {
	s = s[:min(len(s), maxDestination)]
	if strings.HasPrefix(s, "<") {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '\n', '<':
				return "", 0
			case '>':
				return s[1:i], i + 1
			}
		}
		return "", 0
	}
	depth, i := 0, 0
scan:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && isPunctuation(s[i+1]):
			i++
		case c == '(':
			depth++
			if depth > maxParentheses {
				return "", 0
			}
		case c == ')':
			if depth == 0 {
				break scan
			}
			depth--
		case c <= ' ':
			break scan
		}
	}
	if depth != 0 || i >= len(s) {
		return "", 0
	}
	return s[:i], i
}

// titleSize gives the size of the quoted title that s begins with, 0 when it doesn't end.
func titleSize(s string) int {
	closing := s[0]
	if closing == '(' {
		closing = ')'
	}
	for i := 1; i < min(len(s), maxTitle); i++ {
		switch s[i] {
		case '\\':
			i++
		case closing:
			return i + 1
		}
	}
	return 0
}

// unescape decodes the escapes and references in a destination.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '\\' && i+1 < len(s) && isPunctuation(s[i+1]):
			b.WriteByte(s[i+1])
			i += 2
		case s[i] == '&':
			decoded, size := decodeReference(s[i:])
			b.WriteString(decoded)
			i += size
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

var referencePattern = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// decodeReference decodes the character reference that s begins with, or gives the one character that
// is none. NUL and what is no character become U+FFFD, as in CommonMark.
func decodeReference(s string) (decoded string, size int) {
	m := referencePattern.FindString(s)
	if m == "" {
		return s[:1], 1
	}
	if m[1] != '#' {
		if entity, ok := util.LookUpHTML5EntityByName(m[1 : len(m)-1]); ok {
			return string(entity.Characters), len(m)
		}
		return s[:1], 1
	}
	digits, base := m[2:len(m)-1], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return string(unicode.ReplacementChar), len(m)
	}
	return string(rune(n)), len(m)
}

// isReference tells whether s begins with a character reference.
func isReference(s string) bool {
	_, size := decodeReference(s)
	return size > 1
}

var (
	automaticURL  = regexp.MustCompile(`^<((?i:https?://|mailto:)[^\s\p{Z}<>]{1,1000})>`)
	automaticMail = regexp.MustCompile(`^<([A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63})>`)
)

// automaticLink reads an address in angle brackets, and gives it as it stands and as it is linked.
func automaticLink(s string) (address, url string) {
	s = s[:min(len(s), maxDestination)]
	if m := automaticURL.FindStringSubmatch(s); m != nil {
		return m[1], m[1]
	}
	if m := automaticMail.FindStringSubmatch(s); m != nil {
		return m[1], "mailto:" + m[1]
	}
	return "", ""
}

// cleanURL gives a link as it is kept, empty when it isn't: web and mail addresses only, without
// control characters, and with white space and the characters that no address may hold encoded.
func cleanURL(url string) string {
	url = strings.TrimSpace(url)
	scheme, _, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto":
	default:
		return ""
	}
	url = norm.NFC.String(clean(url))
	var b strings.Builder
	for _, r := range url {
		if unicode.IsSpace(r) || r < unicode.MaxASCII && strings.ContainsRune("\"<>\\^`{|}", r) {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() > maxURL {
		return ""
	}
	return b.String()
}
