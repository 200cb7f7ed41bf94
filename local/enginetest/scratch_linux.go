package enginetest

import (
	"os"

	"golang.org/x/sys/unix"
)

// room is how many bytes must be free in memory for data directories to be put there.
const room = 4 << 30

// scratch returns the folder for data directories: in memory if there is room.
func scratch() string {
	const memory = "/dev/shm"
	var fs unix.Statfs_t
	if err := unix.Statfs(memory, &fs); err == nil && uint64(fs.Bsize)*fs.Bavail > room {
		return memory
	}
	return os.TempDir()
}
