package exchange

import (
	"strings"

	"feltbog/models"
)

// styleRole is what a paragraph in a style is, by the style's name.
type styleRole struct {
	kind  models.BlockKind // heading, quote, paragraph; empty where the name doesn't say
	level int
	title bool
}

// headingNames are the names of styles of headings but for their numbers, as Office has them in English,
// Danish and Norwegian, Swedish, German and others; an id has no letters outside ASCII.
var headingNames = []string{"heading", "overskrift", "rubrik", "überschrift", "berschrift", "otsikko", "titre", "título", "titolo", "kop"}

// otherRoles gives the roles of other styles by their names in the same languages.
var otherRoles = map[string]styleRole{
	"title": titleRole, "titel": titleRole, "tittel": titleRole,
	"subtitle": {kind: models.BlockParagraph}, "undertitel": {kind: models.BlockParagraph},
	"quote": quoteRole, "blocktext": quoteRole, "blokcitat": quoteRole, "intensequote": quoteRole, "quotations": quoteRole, "blockquote": quoteRole, "blockquotation": quoteRole,
	"citat": quoteRole, "stærktcitat": quoteRole, "strktcitat": quoteRole, "starktcitat": quoteRole,
	"sitat": quoteRole, "sterktsitat": quoteRole, "zitat": quoteRole, "intensiveszitat": quoteRole,
}

var (
	titleRole = styleRole{kind: models.BlockHeading, level: 1, title: true}
	quoteRole = styleRole{kind: models.BlockQuote, level: 1}
)

// plainName leaves out what names of styles are divided by; OpenDocument writes a space as _20_.
var plainName = strings.NewReplacer(" ", "", "_20_", "", "_", "", "-", "")

// roleOf tells by a style's name or id what paragraphs in it are.
func roleOf(name string) styleRole {
	name = strings.ToLower(plainName.Replace(name))
	for _, heading := range headingNames {
		if number, ok := strings.CutPrefix(name, heading); ok && len(number) == 1 && '1' <= number[0] && number[0] <= '9' {
			return styleRole{kind: models.BlockHeading, level: min(int(number[0]-'0'), 6)}
		}
	}
	return otherRoles[name]
}
