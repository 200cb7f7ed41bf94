package local

import "syscall"

// attributes puts an engine in a process group of its own, so that Ctrl-C in a terminal reaches the
// server alone and the engines outlive its last write; and has it killed when the server is gone.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
