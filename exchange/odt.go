package exchange

// readODT reads an OpenDocument text.
func readODT(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
