package exchange

// readVTT reads WebVTT captions.
func readVTT(_ []byte, _ Options) (Document, error) {
	return Document{}, formatUnknown()
}
