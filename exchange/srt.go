package exchange

// readSRT reads SubRip captions.
func readSRT(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
