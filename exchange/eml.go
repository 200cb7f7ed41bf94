package exchange

// readEML reads a mail.
func readEML(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
