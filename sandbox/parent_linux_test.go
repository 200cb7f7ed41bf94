package sandbox_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const memoryUnseen = false

// dead says whether a process has ended and waits for its parent, which in a container may never look.
func dead(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && bytes.Contains(stat, []byte(") Z "))
}

func TestParentGone(t *testing.T) {
	t.Parallel()
	t.Run("a child ends with the server, also when that is killed", func(t *testing.T) {
		server := exec.Command(executable(t), asServer)
		out, err := server.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait()
		gone(t, number(t, []byte(strings.TrimSpace(line))))
	})
}
