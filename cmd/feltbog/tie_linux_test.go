package main_test

import (
	"os/exec"
	"syscall"
)

// tie lets a process end with the test, also when that is killed.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
