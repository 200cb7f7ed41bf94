package exchange

// readPDF reads a PDF.
func readPDF(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
