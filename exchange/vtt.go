package exchange

// readVTT reads WebVTT captions: of Teams and Zoom, with voices or names before the words, or without
// speakers. It doesn't ask for the line WEBVTT, which some programs leave out.
func readVTT(data []byte, o Options) (Document, error) {
	return readCaptions(data, o, "text/vtt")
}
