package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// common are the words that stand most often in field notes, Danish and English, the most frequent first.
const common = `og i det at er the to en på som af and de vi til der of med har for ikke den et a men så om jeg it that kan
was de we they skal vil man var fra is in han hun når eller ud op også efter with this but hvor nu what their you have
meget siger says vores her being about alle nogen mere igen each blev går which from den be if hvis kun før mellem
møde meeting data register system systemet kommunen borger borgeren sag sager sagsbehandler leder ledelsen team arbejde
tal regneark skema rapport report table screen skærm telefon mail papir paper mappe folder kopi copy kaffe bord stol
dør vindue gang rum room office kontor kollega colleague spørger asks svarer answers peger points skriver writes læser
reads viser shows tæller counts venter waits ringer calls åbner opens lukker closes finder finds mangler missing forkert
wrong rigtig right gammel old ny new lang long kort short langsom slow hurtig fast tung heavy let easy svær hard åben
kvalitet quality deling sharing silo silos grundlag foundation fremtid future problem praksis practice nyhed news
beslutning decision indsats effect gevinst benefit leverandør supplier konsulent consultant udbud tender kontrakt
contract projekt project pilot version felt field kode code note observation interview deltager participant uge week
måned month år year morgen morning aften evening frokost lunch pause break trappe stairs kælder basement arkiv archive`

// heads and tails make Danish compounds, of which there are as many as anybody wants.
const (
	heads = `data grund borger sags kommune person adresse journal social sundheds skole bygnings miljø vand vej løn budget
kvalitets drifts projekt forløbs indsats familie bolig ældre børne arbejds jord skatte pension sygedags visitations
udbuds kontrakt leverandør styrings ledelses nøgle måle resultat system fag hjemme nærings vikar vagt drøftelses`
	tails = `register grundlag tal skema møde oversigt gruppe plan rapport analyse behandling kvalitet deling adgang sikkerhed
måling udvikling forvaltning medarbejder leder aftale praksis løsning forbindelse hjælp ansvar system kontakt
historie fortælling visning styrelse kontor afdeling gennemgang opgørelse strategi ændring fejl rettelse samling`
)

// language makes texts whose words are as unevenly frequent as in real ones (Zipf's law), the same ones
// at each run.
type language struct {
	random *rand.Rand
	words  []string // by frequency
	zipf   *rand.Zipf
}

func newLanguage(seed uint64) *language {
	l := &language{random: rand.New(rand.NewPCG(seed, 6))} //nolint:gosec // chance, not secrecy
	var rare []string
	for head := range strings.FieldsSeq(heads) {
		for tail := range strings.FieldsSeq(tails) {
			for _, ending := range []string{"", "et", "er", "erne", "ens"} {
				rare = append(rare, head+tail+ending)
			}
		}
	}
	l.random.Shuffle(len(rare), func(i, j int) { rare[i], rare[j] = rare[j], rare[i] })
	l.words = append(strings.Fields(common), rare...)
	l.zipf = rand.NewZipf(l.random, 1.12, 4, uint64(len(l.words)-1))
	return l
}

func (l *language) word() string { return l.words[l.zipf.Uint64()] }

// sentence makes a sentence of six to eighteen words.
func (l *language) sentence(b *strings.Builder) (words int) {
	words = 6 + l.random.IntN(13)
	for i := range words {
		word := l.word()
		if i == 0 {
			first, size := utf8.DecodeRuneInString(word)
			word = string(unicode.ToUpper(first)) + word[size:]
		} else {
			if l.random.IntN(12) == 0 {
				b.WriteByte(',')
			}
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	b.WriteByte('.')
	return words
}

// paragraph makes a paragraph of four to eight sentences, about 72 words.
func (l *language) paragraph(b *strings.Builder) (words int) {
	for i := range 4 + l.random.IntN(5) {
		if i > 0 {
			b.WriteByte(' ')
		}
		words += l.sentence(b)
	}
	return words
}

// paragraphs makes a text of so many paragraphs.
func (l *language) paragraphs(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString("\n\n")
		}
		l.paragraph(&b)
	}
	return b.String()
}

// ofWords makes a text of at least so many words.
func (l *language) ofWords(n int) string {
	var b strings.Builder
	for words := 0; words < n; {
		if words > 0 {
			b.WriteString("\n\n")
		}
		words += l.paragraph(&b)
	}
	return b.String()
}

// ofBytes makes a text of about so many bytes.
func (l *language) ofBytes(n int) string {
	var b strings.Builder
	for b.Len() < n {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		l.paragraph(&b)
	}
	return b.String()
}

// writing is a text with the places of its words, in code points.
type writing struct {
	*coding.Text
	starts, ends []int
}

// write makes a version of a note's text as the server would keep it.
func write(n *models.Note, text string) (*writing, error) {
	content, err := exchange.Plain(text)
	if err != nil {
		return nil, err
	}
	w := &writing{Text: coding.NewText(&models.Text{
		ID: coding.TextID(n.ID, n.TextVersion), SpaceID: n.SpaceID, NoteID: n.ID, Version: n.TextVersion, Text: content.Text,
		Blocks: content.Blocks, Marks: content.Marks, Length: utf8.RuneCountInString(content.Text), AuthorID: n.AuthorID, CreatedAt: n.CreatedAt,
	})}
	point, inWord := 0, false
	for _, r := range content.Text {
		space := r == ' ' || r == '\n'
		if !space && !inWord {
			w.starts = append(w.starts, point)
		}
		if space && inWord {
			w.ends = append(w.ends, point)
		}
		inWord = !space
		point++
	}
	if inWord {
		w.ends = append(w.ends, point)
	}
	return w, nil
}

// anchor is a random span of three to forty words.
func (w *writing) anchor(random *rand.Rand) (models.Anchor, error) {
	first := random.IntN(len(w.starts) - 3)
	last := min(first+2+random.IntN(38), len(w.ends)-1)
	return coding.AnchorAt(w.Text, w.starts[first], w.ends[last])
}
