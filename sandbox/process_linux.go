package sandbox

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// attributes puts a child in a process group of its own, which ends as one, and has it killed when the
// server is gone.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// deepest is how many processes below a child are looked for: it starts one, which starts none.
const deepest = 4

// memoryOf gives the bytes of memory that a process and those below it hold just now.
func memoryOf(pid int) int64 { return memoryBelow(pid, deepest) }

func memoryBelow(pid, depth int) int64 {
	folder := "/proc/" + strconv.Itoa(pid)
	statm, err := os.ReadFile(filepath.Join(folder, "statm"))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(statm)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	sum := pages * int64(os.Getpagesize())
	if depth == 0 {
		return sum
	}
	threads, err := os.ReadDir(filepath.Join(folder, "task"))
	if err != nil {
		return sum
	}
	for _, thread := range threads {
		children, err := os.ReadFile(filepath.Join(folder, "task", thread.Name(), "children"))
		if err != nil {
			continue
		}
		for child := range bytes.FieldsSeq(children) {
			if id, err := strconv.Atoi(string(child)); err == nil {
				sum += memoryBelow(id, depth-1)
			}
		}
	}
	return sum
}
