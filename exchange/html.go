package exchange

// readHTML reads a web page.
func readHTML(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
