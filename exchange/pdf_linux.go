package exchange

import "syscall"

// tiedToUs has a program killed when the thread that started it is gone.
func tiedToUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
