package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// placedComment is a comment with the places that were found for it, -1 for none.
type placedComment struct {
	Comment
	point int
}

// awaitComment gives the place among all of a comment that the file calls so, whose words may come
// later, and -1 when there are too many.
func (f *flow) awaitComment(key string) int {
	if i, known := f.commentOf[key]; known {
		return i
	}
	if len(f.comments) >= maxComments {
		f.warn(warnComments)
		return -1
	}
	f.comments = append(f.comments, placedComment{Comment: Comment{Start: -1, End: -1}, point: -1})
	i := len(f.comments) - 1
	if key != "" {
		if f.commentOf == nil {
			f.commentOf = map[string]int{}
		}
		f.commentOf[key] = i
	}
	return i
}

// addComment keeps a comment that the file calls so, and gives its place among all, -1 when it has no
// words or there are too many.
func (f *flow) addComment(key, author string, at time.Time, text string) int {
	if f.said += len(text); f.said > maxSaid {
		f.warn(warnComments)
		return -1
	}
	if text = strings.TrimSpace(norm.NFC.String(text)); text == "" {
		return -1
	}
	if i, known := f.commentOf[key]; known && f.comments[i].Text != "" {
		delete(f.commentOf, key) // another one of the same name
	}
	i := f.awaitComment(key)
	if i >= 0 {
		c := &f.comments[i]
		c.Author, c.At, c.Text = oneLine(author, models.MaxName), at, text
	}
	return i
}

// hold adds a place of a comment to those of a leaf, unless there are too many.
func (f *flow) hold(anchors []anchor, a anchor) []anchor {
	if f.anchored >= maxAnchors {
		return anchors
	}
	f.anchored++
	return append(anchors, a)
}

// placeComment notes a place that was found for a comment.
func (f *flow) placeComment(a anchor, at int) {
	c := &f.comments[a.of]
	switch {
	case a.kind == anchorStart && c.Start < 0:
		c.Start = at
	case a.kind == anchorEnd:
		c.End = at
	case a.kind == anchorPoint && c.point < 0:
		c.point = at
	}
}

// settle gives the comments that have a place, each on words: one at a mere point is on its block.
func (f *flow) settle(c models.Content) []Comment {
	if len(f.comments) == 0 || len(c.Blocks) == 0 {
		return nil
	}
	text := words{points: []rune(c.Text)}
	var settled []Comment
	for _, placed := range f.comments {
		comment := placed.Comment
		if comment.Start < 0 || comment.End < 0 {
			at := max(placed.point, comment.Start, comment.End)
			if at < 0 {
				continue
			}
			comment.Start, comment.End = at, at
		}
		if comment.Text == "" {
			continue
		}
		at := comment.Start
		s := text.inner(span{min(at, len(text.points)), min(max(at, comment.End), len(text.points))})
		if s.start == s.end {
			s = text.inner(blockAt(c.Blocks, at))
		}
		comment.Start, comment.End = s.start, s.end
		settled = append(settled, comment)
	}
	slices.SortStableFunc(settled, func(a, b Comment) int { return cmp.Compare(a.Start, b.Start) })
	return settled
}

// blockAt gives the block that holds a place, or the last one before it.
func blockAt(blocks []models.Block, at int) span {
	i, found := slices.BinarySearchFunc(blocks, at, func(b models.Block, at int) int { return cmp.Compare(b.Start, at) })
	if !found && i > 0 {
		i--
	}
	i = min(i, len(blocks)-1)
	return span{blocks[i].Start, blocks[i].End}
}
