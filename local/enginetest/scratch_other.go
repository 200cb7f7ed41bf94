//go:build !linux

package enginetest

import "os"

// scratch returns the folder for data directories.
func scratch() string { return os.TempDir() }
