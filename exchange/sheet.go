package exchange

// Sheet is a table as it was read: of a CSV file, or one sheet of a workbook. Values are as people see
// them, but dates of a workbook are YYYY-MM-DD, its numbers have a decimal point, and a formula is its value.
type Sheet struct {
	Name     string   `json:"name"`   // of the sheet, empty for CSV
	Others   []string `json:"others"` // the workbook's other sheets with something in them
	Encoding string   `json:"encoding"`
	// Columns are the heads of the columns, which stand in the first row with more than one value.
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
	// Warnings tell of ragged rows, by their numbers, and of what else was left out.
	Warnings []Warning `json:"warnings"`
}

// Row is one row of a sheet, with as many values as the sheet has columns.
type Row struct {
	Number int      `json:"number"` // of the line or row in the file, from 1
	Values []string `json:"values"`
}

// ReadSheet reads a table.
func ReadSheet(_ string, _ []byte, _ Options) (Sheet, error) {
	return Sheet{}, formatUnknown()
}
