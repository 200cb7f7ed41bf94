package exchange

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"feltbog/models"
)

// Markdown reads CommonMark with tables into text without markup, blocks and marks.
//
// Blocks are separated by a blank line, items of a list and rows of a table by a line end, cells of a
// row by a tab. Within a paragraph a soft line break becomes a space and a hard one a line end; should
// a paragraph come to hold a blank line (by references such as &#10;), it is divided there as [Plain]
// would. What the model has no place for is simplified: of nested containers the innermost gives a
// block its kind, and only the first paragraph of a list item is its listItem. Thematic breaks are
// dropped, HTML stays as text, images give their description, and a link to anything but a web or
// mail address keeps its words alone.
//
// Front matter gives the meta data; what looks like it and isn't stays text. The errors are those of
// [Normalise], and blocks_too_many and marks_too_many, both Invalid.
func Markdown(source string) (models.Content, Meta, error) {
	// Markup takes room beside the words, whose own limit builder.content keeps.
	source, err := normaliseWithin(source, 4*models.MaxTextLength)
	if err != nil {
		return models.Content{}, Meta{}, err
	}
	meta, body := cutFrontMatter(source)
	d := document{source: body, bytes: []byte(body), refs: references{}}
	d.text.Grow(len(body))
	if err := d.read(); err != nil {
		return models.Content{}, Meta{}, err
	}
	content, err := d.content()
	return content, meta, err
}

const (
	maxDepth  = 64                   // containers (quotes, lists and their items) within each other
	maxLeaves = 2 * models.MaxBlocks // leaf blocks that are parsed before giving up; some turn out empty
	maxNumber = 999_999_999          // of an ordered list
)

// document is one Markdown document on its way into content.
type document struct {
	builder
	source string
	bytes  []byte // the source as goldmark wants it
	refs   references
	leaves int
	err    error
}

// read parses the document's blocks and adds them to the content. Goldmark parses; its paragraphs and
// headings are taken out before its inline half would begin, by a root block of ours whose Close sees
// the whole tree.
func (d *document) read() error {
	root := &rootParser{document: d}
	blocks := parser.NewParser(parser.WithBlockParsers(
		util.Prioritized(root, 0),
		util.Prioritized(counted{parser.NewSetextHeadingParser(), d}, 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(nested{parser.NewListParser()}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(counted{parser.NewCodeBlockParser(), d}, 500),
		util.Prioritized(counted{parser.NewATXHeadingParser(), d}, 600),
		util.Prioritized(counted{parser.NewFencedCodeBlockParser(), d}, 700),
		util.Prioritized(nested{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(counted{parser.NewParagraphParser(), d}, 1000),
	))
	blocks.Parse(&boundedReader{Reader: text.NewReader(d.bytes), document: d})
	return d.err
}

// nested keeps containers from nesting without end; what is too deep is text.
type nested struct{ parser.BlockParser }

// Open opens a container unless there are too many around it.
func (n nested) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxDepth {
		return nil, parser.NoChildren
	}
	return n.BlockParser.Open(parent, reader, pc)
}

// counted counts the leaf blocks, so that a text with far too many ends early.
type counted struct {
	parser.BlockParser
	document *document
}

// Open opens a leaf block and counts it.
func (c counted) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	node, state := c.BlockParser.Open(parent, reader, pc)
	if node != nil {
		c.document.leaves++
	}
	return node, state
}

// boundedReader ends the text when too many blocks were read from it.
type boundedReader struct {
	text.Reader
	document *document
}

// PeekLine gives the current line, or the end.
func (r *boundedReader) PeekLine() ([]byte, text.Segment) {
	if r.document.leaves > maxLeaves {
		return nil, text.Segment{}
	}
	return r.Reader.PeekLine()
}

// SkipBlankLines goes on to the next line with text, or the end.
func (r *boundedReader) SkipBlankLines() (text.Segment, int, bool) {
	if r.document.leaves > maxLeaves {
		return text.Segment{}, 0, false
	}
	return r.Reader.SkipBlankLines()
}

// rootNode is the one child of goldmark's document, with all blocks in it.
type rootNode struct{ ast.BaseBlock }

var kindRoot = ast.NewNodeKind("FeltbogRoot")

// Kind names the node.
func (*rootNode) Kind() ast.NodeKind { return kindRoot }

// Dump writes nothing; it is there because nodes have it.
func (*rootNode) Dump([]byte, int) {}

type rootParser struct{ document *document }

// Trigger lists every byte a line may begin with.
func (*rootParser) Trigger() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// Open opens the root at the first line of text.
func (*rootParser) Open(parent ast.Node, _ text.Reader, _ parser.Context) (ast.Node, parser.State) {
	if parent.Kind() != ast.KindDocument {
		return nil, parser.NoChildren
	}
	return &rootNode{}, parser.HasChildren
}

// Continue holds the root open to the end.
func (*rootParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Continue | parser.HasChildren
}

// Close reads the finished tree and takes it away.
func (p *rootParser) Close(node ast.Node, _ text.Reader, _ parser.Context) {
	p.document.walk(node)
	node.RemoveChildren(node)
}

// CanInterruptParagraph says no: there is none around the root.
func (*rootParser) CanInterruptParagraph() bool { return false }

// CanAcceptIndentedLine says yes: the first line may be indented code.
func (*rootParser) CanAcceptIndentedLine() bool { return true }

// walk finds the references a document defines and then reads its leaves in order.
func (d *document) walk(root ast.Node) {
	if d.leaves > maxLeaves {
		d.err = tooManyBlocks()
		return
	}
	d.define(root)
	d.err = d.readBlocks(root, place{})
}

var definition = regexp.MustCompile(`^\[([^\[\]\\]{1,999})\]:[ \t]*(?:<((?i:https?|mailto):[^<>\s]*)>|((?i:https?|mailto):\S+))(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*\n?$`)

// define takes the definitions of references off the beginnings of paragraphs: lines such as
// "[1]: https://example.org". CommonMark takes any word for a destination, which would make a
// transcript's "[Anna]: Yes" vanish, so only web and mail addresses count.
func (d *document) define(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() != ast.KindParagraph && c.Kind() != ast.KindTextBlock {
			d.define(c)
			continue
		}
		skip := 0
		for ; skip < c.Lines().Len(); skip++ {
			m := definition.FindStringSubmatch(d.line(c, skip))
			if m == nil {
				break
			}
			label := foldLabel(m[1])
			if _, known := d.refs[label]; label != "" && !known {
				d.refs[label] = unescape(m[2] + m[3])
			}
		}
		if skip > 0 {
			c.Lines().SetSliced(skip, c.Lines().Len())
		}
	}
}

// line gives one line of a leaf with its line end.
func (d *document) line(n ast.Node, i int) string {
	s := n.Lines().At(i)
	if s.Padding == 0 && !s.ForceNewline {
		return d.source[s.Start:s.Stop]
	}
	return string(s.Value(d.bytes))
}

// place tells where a block stands: how many quotes and lists are around it, and whether the innermost
// of them is an item, with which number.
type place struct {
	quotes, lists int
	item          bool
	number        int
}

// readBlocks reads the blocks in a container.
func (d *document) readBlocks(container ast.Node, at place) error {
	for n := container.FirstChild(); n != nil; n = n.NextSibling() {
		if err := d.readBlock(n, at); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) readBlock(n ast.Node, at place) error {
	switch n := n.(type) {
	case *ast.Heading:
		heading := readInline(d.join(n, 0, n.Lines().Len()), d.refs, false)
		heading.flatten()
		return d.add(models.Block{Kind: models.BlockHeading, Level: n.Level}, heading)
	case *ast.Paragraph, *ast.TextBlock:
		return d.readParagraph(n, at)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		code := strings.TrimSuffix(d.join(n, 0, n.Lines().Len()), "\n")
		return d.add(models.Block{Kind: models.BlockCode}, words{points: []rune(code)})
	case *ast.Blockquote:
		return d.readBlocks(n, place{quotes: at.quotes + 1, lists: at.lists})
	case *ast.List:
		in := place{quotes: at.quotes, lists: at.lists + 1, item: true, number: n.Start}
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			if err := d.readBlocks(item, in); err != nil {
				return err
			}
			if n.IsOrdered() {
				in.number = min(in.number+1, maxNumber)
			}
		}
	}
	return nil
}

// join gives lines of a leaf as one string.
func (d *document) join(n ast.Node, from, to int) string {
	if to == from+1 {
		return d.line(n, from)
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(d.line(n, i))
	}
	return b.String()
}

// readParagraph reads a paragraph and the table it may end in.
func (d *document) readParagraph(n ast.Node, at place) error {
	end := n.Lines().Len()
	table := d.findTable(n)
	if table >= 0 {
		end = table
	}
	if end > 0 {
		block := models.Block{Kind: models.BlockParagraph}
		switch {
		case at.item && n.PreviousSibling() == nil:
			block = models.Block{Kind: models.BlockListItem, Level: at.lists, Number: at.number}
		case at.quotes > 0:
			block = models.Block{Kind: models.BlockQuote, Level: at.quotes}
		}
		if err := d.add(block, readInline(d.join(n, 0, end), d.refs, false)); err != nil {
			return err
		}
	}
	if table < 0 {
		return nil
	}
	for i := table; i < n.Lines().Len(); i++ {
		if i == table+1 {
			continue
		}
		if err := d.readRow(splitRow(d.line(n, i))); err != nil {
			return err
		}
	}
	return nil
}
