package demo

import (
	"fmt"
	"strings"
	"time"

	"feltbog/exchange"
	"feltbog/models"
)

// turn is what somebody says in a recording, and when; without a speaker it is what the observer wrote
// before or after it.
type turn struct {
	At      string `yaml:"at"`
	Speaker string `yaml:"speaker"`
	Text    string `yaml:"text"`
}

// content is the note's text: that of its turns, where it has any, or else what was typed.
func (n *note) content() (models.Content, error) {
	if len(n.Turns) > 0 {
		return transcript(n.Turns)
	}
	content, _, err := exchange.Typed(exchange.FormatMarkdown, n.Text)
	return content, err
}

// transcript puts each turn in a block of its own, with who speaks at which second of the recording.
func transcript(turns []turn) (models.Content, error) {
	said := make([]string, len(turns))
	for i, t := range turns {
		said[i] = t.Text
	}
	content, err := exchange.Plain(strings.Join(said, "\n\n"))
	if err != nil {
		return models.Content{}, err
	}
	if len(content.Blocks) != len(turns) {
		return models.Content{}, fmt.Errorf("%d turns have %d paragraphs", len(turns), len(content.Blocks))
	}
	for i, t := range turns {
		if t.Speaker == "" {
			continue
		}
		at, err := time.Parse(time.TimeOnly, t.At)
		if err != nil {
			return models.Content{}, fmt.Errorf("time of turn %d: %w", i+1, err)
		}
		seconds := at.Sub(at.Truncate(24 * time.Hour)).Seconds()
		block := &content.Blocks[i]
		block.Kind, block.Speaker, block.Seconds = models.BlockTurn, t.Speaker, &seconds
	}
	return content, nil
}
