//go:build !linux

package sandbox

import "runtime/debug"

// confine bounds what can be bounded from inside on every system.
func confine() {
	debug.SetMemoryLimit(DefaultMemory * 3 / 4)
	debug.SetMaxStack(64 << 20)
}

// extend does nothing: there is no bound on the processor's time but that of the pool's clock.
func extend() {}
