package exchange

// Unpack gives the files of an archive one by one, by their paths within it.
func Unpack(_ []byte, _ func(path string, data []byte) error) ([]Warning, error) {
	return nil, formatUnknown()
}
