//go:build !linux

package sandbox_test

const memoryUnseen = true

func dead(int) bool { return false }
