package local

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

const (
	host = "127.0.0.1"
	// Ports are chosen below those that systems give to outgoing connections (from 32,768 on Linux,
	// from 49,152 elsewhere): otherwise a client that looks for an engine which is just being
	// restarted could be given the very port, and the engine could not have it back.
	firstPort, lastPort = 20_000, 32_767
	portTries           = 100
)

// freePort returns preferred if it is free, otherwise another port that is.
func freePort(preferred int) (int, error) {
	port := preferred
	for range portTries {
		if port > 0 && isFree(port) {
			return port, nil
		}
		port = firstPort + rand.IntN(lastPort-firstPort+1)
	}
	return 0, fmt.Errorf("no free port found on %s between %d and %d", host, firstPort, lastPort)
}

func isFree(port int) bool {
	l, err := net.Listen("tcp", address(port)) //nolint:noctx // It returns at once.
	if err != nil {
		return false
	}
	return l.Close() == nil
}

func address(port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
