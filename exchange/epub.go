package exchange

// readEPUB reads an e-book.
func readEPUB(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
