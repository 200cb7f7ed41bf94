//go:build !linux

package exchange

import "syscall"

// tiedToUs would have a program killed with us, which only Linux can; elsewhere it ends when nobody
// reads what it writes.
func tiedToUs() *syscall.SysProcAttr { return nil }
