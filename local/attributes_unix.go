//go:build unix && !linux

package local

import "syscall"

// attributes puts an engine in a process group of its own, so that Ctrl-C in a terminal reaches the
// server alone and the engines outlive its last write. This system cannot kill the engine with the
// server: the next start does.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
