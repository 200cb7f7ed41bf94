package exchange

import (
	"slices"

	"feltbog/models"
)

// Speaker is somebody who speaks in a transcript.
type Speaker struct {
	Name  string `json:"name"`  // the label
	Turns int    `json:"turns"` // how often they speak until somebody else does, or a heading comes
	Words int    `json:"words"`
}

// Speakers gives who speaks in the turns of a text, in order of their first words. Turns without a label
// are nobody's.
func Speakers(content models.Content) []Speaker {
	points := []rune(content.Text)
	all := []Speaker{}
	places := map[string]int{}
	last := ""
	for _, b := range content.Blocks {
		if b.Kind == models.BlockHeading {
			last = ""
		}
		if b.Kind != models.BlockTurn {
			continue
		}
		if b.Speaker != "" {
			at, known := places[b.Speaker]
			if !known {
				at = len(all)
				places[b.Speaker] = at
				all = append(all, Speaker{Name: b.Speaker})
			}
			all[at].Words += countWords(points[b.Start:b.End])
			all[at].Turns += number(b.Speaker != last)
		}
		last = b.Speaker
	}
	return all
}

// Rename gives the content with other labels for its speakers: each that is a key of names gets its
// value, and two with one value become one. The words are as they were.
func Rename(content models.Content, names map[string]string) models.Content {
	content.Blocks = slices.Clone(content.Blocks)
	for i := range content.Blocks {
		b := &content.Blocks[i]
		if name, ok := names[b.Speaker]; ok && b.Kind == models.BlockTurn && b.Speaker != "" {
			b.Speaker = speakerName(name)
		}
	}
	return content
}
