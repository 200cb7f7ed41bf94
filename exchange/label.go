package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A label is who speaks, as a transcript writes it before the words: "Mette Holm:", "P1:", "I:",
// "Formanden (Søren Gade):".

const maxLabel = 60 // code points

var (
	// roleLabel are the labels of people who have no name in a transcript.
	roleLabel = regexp.MustCompile(`^(?:\p{Lu}{1,3}[ .-]?\d{0,2}|(?i:interviewer|interviewperson|interviewee|informant|respondent|participant|deltager|deltagare|speaker|taler|talare|moderator|facilitator|ordstyrer|host|guest|intervjuare|intervjuer|forsker|researcher|question|answer|spørgsmål|svar|unknown|ukendt)(?:[ _-]?(?:\p{Lu}|\d{1,3}))?)$`)
	initials  = regexp.MustCompile(`^(?:\p{Lu}\.[ -]?)+$`)
	inBracket = regexp.MustCompile(`^([^()]*\S)\s*\(([^()]*)\)$`)
)

// headings are words before a colon that are no speakers: those of the head of a note, of minutes, of a
// field note and of running text.
var headings = setOf(`
	date dato datum day dag time tid tidspunkt clock kl start end slut begin place sted location lokation plats site
	title titel subject emne topic tema theme project projekt file fil version duration varighed length længde recording optagelse
	transcript transskription transcription transcribed transskriberet transskriberet\ af transcribed\ by language sprog
	participants deltagere deltagare attendees present til\ stede tilstede fraværende absent afbud apologies
	interviewed interviewet referent minutes referat mødeleder chair note-taker author forfatter from fra to til cc bcc re sv vs att
	agenda dagsorden item punkt beslutning decision conclusion konklusion summary resume resumé sammenfatning action actions
	action\ item action\ items handling opfølgning follow-up ansvarlig responsible owner deadline frist status budget økonomi economy eventuelt aob
	bilag appendix background baggrund formål purpose aim mål goal method metode context kontekst setting observation observations
	observationer reflection reflections refleksion refleksioner analyse analysis interpretation fortolkning comment comments kommentar kommentarer
	memo note notes noter nb obs ps p.s bemærk remark example eksempel e.g f.eks i.e dvs source kilde see se
	warning advarsel tip important vigtigt sign signed tlf tel phone mail email e-mail http https www mailto web keywords nøgleord tags code codes kode koder
	next\ steps næste\ skridt todo to\ do results resultater discussion diskussion drøftelse indstilling orientering introduction indledning
	questions spørgsmål\ til first\ of\ all one\ thing problem løsning solution fordele ulemper pros cons
	monday tuesday wednesday thursday friday saturday sunday mandag tirsdag onsdag torsdag fredag lørdag søndag
	morning afternoon evening morgen formiddag eftermiddag aften definition description beskrivelse inclusion exclusion inklusion eksklusion
	criteria kriterier name navn type value værdi id info warn error debug fejl strengths weaknesses opportunities threats styrker svagheder muligheder trusler
`)

// sounds are what captions say in brackets of what is heard.
var sounds = setOf(`music musik applause applaus klapsalver laughter laughs latter griner inaudible unintelligible uhørligt utydeligt
	crosstalk silence stilhed pause noise støj background\ noise foreign sound lyd sighs sukker coughs hoster`)

// setOf makes a set of words divided by white space; a backslash before a space keeps two together.
func setOf(s string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(strings.ReplaceAll(s, `\ `, "\x00")) {
		set[strings.ReplaceAll(word, "\x00", " ")] = true
	}
	return set
}

// isHeading tells a word before a colon that is no speaker.
func isHeading(label string) bool {
	return headings[strings.TrimSuffix(strings.ToLower(label), ".")]
}

// isRole tells a label such as P1 or Interviewer, and the initials of a person.
func isRole(label string) bool {
	return !isHeading(label) && (roleLabel.MatchString(label) || initials.MatchString(label))
}

// isPerson tells a label that can hardly be anything but who speaks: a role, two words with capitals,
// or a name in brackets.
func isPerson(label string) bool {
	if isRole(label) || inBracket.MatchString(label) {
		return true
	}
	capitals, words := 0, 0
	for word := range strings.FieldsSeq(label) {
		words++
		capitals += number(beginsUpper(word))
	}
	return capitals >= 2 && capitals*2 > words
}

// particles are the small words within names.
var particles = setOf("von van de der den da di du la le el al bin af av of fra from i in og and til the")

// isLabel tells whether it is a label by its form: a few words, hardly any of them small, without the signs
// of a sentence, and perhaps something in brackets at its end. The comma of "Holm, Mette" must be allowed.
func isLabel(label string, comma bool) bool {
	if label == "" || utf8.RuneCountInString(label) > maxLabel {
		return false
	}
	name, most := label, 2
	if m := inBracket.FindStringSubmatch(label); m != nil {
		if wholeTimeCode.MatchString(strings.TrimSpace(m[2])) {
			return false
		}
		name, most = m[1], 3
	}
	for i, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r), i > 0 && (unicode.IsDigit(r) || strings.ContainsRune(" .'’-_/&#+@", r)):
		case r == ',' && comma && i > 0:
			comma = false
		default:
			return false
		}
	}
	words, small := 0, 0
	for word := range strings.FieldsSeq(name) {
		words++
		r, _ := utf8.DecodeRuneInString(word)
		if unicode.IsLower(r) && !particles[word] {
			small++
		}
	}
	last := name[strings.LastIndexByte(name, ' ')+1:]
	abbreviated := strings.HasSuffix(last, ".") && !initials.MatchString(name) && !initials.MatchString(last) && last != "Jr." && last != "Sr."
	return words <= 5 && small <= most && (small < words || words == 1) && !abbreviated
}

// colonLabel finds the label with a colon that a line begins with, and where the words after it begin.
// A colon within an address or a time is none.
func colonLabel(line []rune) (label string, words int, ok bool) {
	for i, r := range line {
		if i > maxLabel+2 || r == '\n' {
			break
		}
		if r != ':' && r != '：' {
			continue
		}
		label = strings.TrimSpace(string(line[:i]))
		if i+1 < len(line) && (line[i+1] == '/' || line[i+1] == ':' || unicode.IsDigit(line[i+1])) || !isLabel(label, false) {
			return "", 0, false
		}
		words = i + 1
		for words < len(line) && line[words] != '\n' && unicode.IsSpace(line[words]) {
			words++
		}
		return speakerName(label), words, true
	}
	return "", 0, false
}
