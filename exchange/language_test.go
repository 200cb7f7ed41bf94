package exchange_test

import (
	"strings"
	"testing"

	"feltbog/exchange"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	danish := "Da jeg kom ind på kontoret, sad hun allerede ved skærmen og ventede på, at nogle af tallene blev hentet ud af registeret."
	english := "When I came into the office she was already sitting at the screen, and they were waiting for some of the numbers."
	for _, c := range []struct{ name, text, want string }{
		{"Danish", danish, "da"},
		{"Danish as it is spoken", "Altså, jeg ved det ikke, vi har jo bare altid gjort det sådan, og hvis der så kommer en fejl, må man prøve igen.", "da"},
		{"Danish with English words", "Vi har lige fået et nyt dashboard, og så skal vores data owner sige god for det, før det bliver lagt ud til de andre.", "da"},
		{"Norwegian", "Da jeg kom inn på kontoret, satt hun allerede ved skjermen og ventet på at noen av tallene ble hentet ut av registeret.", "nb"},
		{"Norwegian as it is spoken", "Altså, jeg vet ikke, vi har jo bare alltid gjort det sånn, og hvis det så kommer en feil, må man prøve igjen etter lunsj.", "nb"},
		{"Swedish", "När jag kom in på kontoret satt hon redan vid skärmen och väntade på att några av siffrorna skulle hämtas ur registret.", "sv"},
		{"English", english, "en"},
		{"German", "Als ich ins Büro kam, saß sie schon vor dem Bildschirm und wartete darauf, dass einige der Zahlen aus dem Register geholt werden.", "de"},
		{"a text without a word", "", ""},
		{"a short text", "Vi ses i morgen, og tak for i dag.", ""},
		{"half Danish, half English", danish + " " + english, ""},
		{"another language", "Quand je suis arrivée au bureau, elle était déjà assise devant son écran et attendait que les chiffres soient extraits du registre.", ""},
		{"Dutch", "Toen ik op kantoor kwam, zat ze al achter het scherm en wachtte ze tot een paar van de cijfers uit het register werden gehaald.", ""},
		{"Nynorsk", "Då eg kom inn på kontoret, sat ho alt ved skjermen og venta på at nokre av tala skulle bli henta ut, men det var ikkje noko der frå før.", ""},
		{"numbers", strings.Repeat("12 34 x ", 100), ""},
		{"the first 20,000 characters alone", strings.Repeat(danish+" ", 200) + strings.Repeat(english+" ", 2000), "da"},
		{"letters in capitals", strings.ToUpper(danish), "da"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := exchange.Language(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func BenchmarkLanguage(b *testing.B) {
	text := strings.Repeat("Da jeg kom ind på kontoret, sad hun allerede ved skærmen og ventede. ", 1000)
	for b.Loop() {
		exchange.Language(text)
	}
}
