package sandbox

import (
	"bytes"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
)

// Bounds that the kernel holds a child to, and what it starts. They are a second wall behind the
// limits of the pool, and wider than those, so that a file is refused with the right reason.
const (
	softMemory   = DefaultMemory * 3 / 4 // from here on garbage is collected more eagerly
	deepestStack = 64 << 20
	spareData    = 512 << 20 // Go reserves memory well ahead of its need
	largestFile  = 64 << 20
	spareSeconds = 75 // of two processors, for the pool's clock ends it before
)

// confine sets the bounds that hold for the whole of a child's life. One that the system refuses is
// left out: the pool watches from outside.
func confine() {
	debug.SetMemoryLimit(softMemory)
	debug.SetMaxStack(deepestStack)
	limit(syscall.RLIMIT_CORE, 0)
	limit(syscall.RLIMIT_FSIZE, largestFile)
	if kilobytes, ok := ownData(); ok {
		limit(syscall.RLIMIT_DATA, kilobytes<<10+spareData)
	}
}

// extend gives a child the processor's time for one more file.
func extend() {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return
	}
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CPU, &now); err != nil {
		return
	}
	now.Cur = min(now.Max, uint64(used.Utime.Sec+used.Stime.Sec+spareSeconds)) //nolint:gosec // times are positive
	_ = syscall.Setrlimit(syscall.RLIMIT_CPU, &now)
}

func limit(resource int, to uint64) {
	_ = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: to, Max: to})
}

// ownData is the memory that counts for RLIMIT_DATA already: much, where a race detector is built in.
func ownData() (kilobytes uint64, ok bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	_, rest, found := bytes.Cut(status, []byte("\nVmData:"))
	value, _, ended := bytes.Cut(rest, []byte(" kB"))
	if !found || !ended {
		return 0, false
	}
	kilobytes, err = strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 64)
	return kilobytes, err == nil
}
