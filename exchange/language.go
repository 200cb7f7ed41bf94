package exchange

import (
	"strings"
	"unicode"
)

// functionWords are the small words of each language, of which a third to a half of any text consists.
// Danish and Norwegian share most of theirs, so what differs between them counts: af and av, efter and
// etter, hvad and hva. Nynorsk is there so that it isn't taken for Bokmål.
var functionWords = map[string]map[string]bool{
	"da": setOf(`og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde
		ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være kom
		noget nogle nogen dig end mod efter uden også kun bare meget mere måske fordi hvis så dit deres vores jeres været
		gør gøre sådan siger sagde igen mellem hvordan hvorfor kan skulle ville bliver nok jo altså lige ved før under anden andet andre
		hvem hvilken hvilke tit heller begge flere mange godt god derfor gjort dog intet ingen hende dette denne disse`),
	"nb": setOf(`og i jeg det at en den til er som på de med han av for ikke der var meg seg men et har om vi min hadde
		ham hun nå over da fra du ut sin dem oss opp man hans hvor eller hva skal selv her alle vil ble kunne inn når være kom
		noe noen deg enn mot etter uten også bare kun mye mer mere kanskje fordi hvis så deres vår vårt våre vært
		gjør gjøre sånn slik slike sier sa igjen mellom hvordan hvorfor kan skulle ville blir nok jo altså ved før under annen annet andre
		hvem hvilken hvilke ofte heller begge flere mange godt god derfor gjort likevel vet ingen henne dette denne disse veldig måtte bruker`),
	"nn": setOf(`og i eg det at ein den til er som på dei med han av for ikkje der var meg seg men eit har om vi min hadde ho no frå
		du ut oss opp kor eller kva skal her alle vil vart når vere noko nokon deg etter utan også berre mykje meir kanskje fordi
		viss så vår vore gjer gjere slik seier sa igjen mellom korleis kvifor kan skulle ville blir dykkar kvar dette denne desse`),
	"sv": setOf(`och i jag det att en den till är som på de med han av för inte där var mig sig men ett har om vi min hade
		honom hon nu över då från du ut sin dem oss upp man hans eller vad ska skall själv här alla vill blev kunde in när vara kom
		något några någon dig än mot efter utan också bara mycket mer mera kanske därför så deras vår vårt våra varit
		gör göra sådan säger sade sa igen mellan hur varför kan skulle ville blir nog ju alltså vid före innan under annan annat andra
		vem vilken vilka ofta heller båda flera många bra ingen inget henne detta denna dessa eftersom finns sedan`),
	"en": setOf(`the of and to in is that it was for with as are this be on not have but they you we he she had from which or what there
		were would been their so do did does an a at by if when who will can could should about into than them then these those some
		any my your our his her its i me us him no only just because how why where has being more very also over out up`),
	"de": setOf(`der die das und ist nicht ich zu den mit auf für ein eine es sich dem auch wir sie war aber haben wie noch nur oder was
		wenn dass von im als bei nach werden hat uns kann sind einen einem einer des wird er du an in so man vor über aus um
		habe hatte waren sein ihr ihre ihm mich mir dir dich doch schon mehr sehr immer hier dann weil durch zum zur bis kein keine
		mein dieser diese dieses alle alles etwas wurde würde könnte müssen soll gibt`),
}

const (
	languageSample = 6_000 // code points that are looked at: a thousand words tell as much as all
	languageLeast  = 10    // words without which it can't be told
)

// languages are the keys of functionWords, in the order in which they are asked.
var languages = [...]string{"da", "nb", "nn", "sv", "en", "de"}

// languagesOf says of each function word in which languages it is one.
var languagesOf = func() map[string][len(languages)]bool {
	all := map[string][len(languages)]bool{}
	for i, language := range languages {
		for word := range functionWords[language] {
			in := all[word]
			in[i] = true
			all[word] = in
		}
	}
	return all
}()

// Language tells which language a text looks like by its function words: da, sv, nb, en or de, or nothing
// when it is short, mixed or in another one. A fourth of its words at least must be function words of the
// language, and against each other language twice as many must speak for it as against it.
func Language(text string) string {
	words := 0
	var known [len(languages)]int
	var only [len(languages)][len(languages)]int // words that the first has and the second hasn't
	for word := range strings.FieldsFuncSeq(head(text, languageSample), func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		word = strings.ToLower(word)
		in, isKnown := languagesOf[word]
		if !isKnown {
			continue
		}
		for i := range in {
			known[i] += number(in[i])
		}
		for i := range in {
			for k := range in {
				only[i][k] += number(in[i] && !in[k])
			}
		}
	}
	best := 0
	for i := range known {
		if known[i] > known[best] {
			best = i
		}
	}
	if words < languageLeast || known[best]*4 < words || languages[best] == "nn" {
		return ""
	}
	for other := range languages {
		if other != best && (only[best][other] < 2 || only[best][other] < 2*only[other][best]) {
			return ""
		}
	}
	return languages[best]
}

// head gives the first n code points of s.
func head(s string, n int) string {
	for at := range s {
		if n == 0 {
			return s[:at]
		}
		n--
	}
	return s
}
