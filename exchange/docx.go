package exchange

// readDOCX reads a Word document.
func readDOCX(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
