package exchange

// readSRT reads SubRip captions, with a comma or a point in their times, numbered or not.
func readSRT(data []byte, o Options) (Document, error) {
	return readCaptions(data, o, "application/x-subrip")
}
