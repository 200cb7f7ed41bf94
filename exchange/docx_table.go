package exchange

import "feltbog/models"

// table reads the rows in an element.
func (p *docxPart) table() {
	for in := p.x.depth; p.x.more(in); {
		if p.x.name == "w:tr" {
			p.row()
		} else {
			p.around(p.table)
		}
	}
}

// row reads a row of a table.
func (p *docxPart) row() {
	row := tableRow{leaf: leaf{block: models.Block{Kind: models.BlockTableRow}, anchors: p.pending}, nested: p.cells > 0}
	p.pending = nil
	gone := p.gone
	p.rowCells(&row)
	p.gone = gone
	p.emit(row.leaf)
}

// rowCells reads the cells in an element.
func (p *docxPart) rowCells(row *tableRow) {
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:trPr":
			p.rowProperties(row)
		case "w:tc":
			p.cell(row)
		default:
			p.around(func() { p.rowCells(row) })
		}
	}
	for _, a := range p.pending {
		a.at = len(row.points)
		row.anchors = append(row.anchors, a)
	}
	p.pending = nil
}

func (p *docxPart) rowProperties(row *tableRow) {
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:gridBefore":
			p.nextColumns(row, min(p.x.number("w:val", 0), maxColumns))
		case "w:del":
			p.gone++ // to the end of the row
		}
	}
}

// cell reads a cell. Its paragraphs, and the cells of tables in it, are divided by spaces.
func (p *docxPart) cell(row *tableRow) {
	var cell leaf
	columns, gone := 1, p.gone
	p.cells++
	p.story(func() { columns = p.cellBlocks() }, func(l leaf) {
		l.tidy()
		l.flatten()
		cell.join(&l, ' ')
	})
	p.cells--
	deleted := p.gone > gone
	p.gone = gone
	switch {
	case deleted:
		row.extend(&cell)
	case row.nested:
		row.join(&cell, ' ')
	default:
		p.nextColumns(row, 1)
		row.extend(&cell)
		p.nextColumns(row, columns-1)
	}
}

// cellBlocks reads what is in a cell and tells over how many columns it goes. A cell that goes on over
// several rows has its words in the first; Word writes empty ones into the others.
func (p *docxPart) cellBlocks() (columns int) {
	columns = 1
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "w:tcPr" {
			p.block()
			continue
		}
		for in := p.x.depth; p.x.more(in); {
			switch p.x.name {
			case "w:gridSpan":
				columns = min(max(p.x.number("w:val", 1), 1), maxColumns)
			case "w:cellDel":
				p.gone++ // to the end of the cell
			}
		}
	}
	return columns
}
