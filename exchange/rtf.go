package exchange

// readRTF reads rich text.
func readRTF(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
