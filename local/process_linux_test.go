package local_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local"
)

func TestSecrecy(t *testing.T) {
	t.Setenv("FELTBOG_OTHER_SECRET", "not for engines")
	o := newOptions(t)
	if err := os.Chmod(o.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	e := start(t, o)
	indexNote(t, e.Connection)
	secrets := readSecrets(t, o.Dir)

	t.Run("only the owner can enter the data directory or read a secret", func(t *testing.T) {
		for _, folder := range []string{"", "secrets", "run", "log", "mongodb", "meilisearch"} {
			if info, err := os.Stat(filepath.Join(o.Dir, folder)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%q: %v %v, want mode 0700.", folder, info.Mode(), err)
			}
		}
		for _, folder := range []string{"secrets", "run", "log"} {
			for _, file := range filesIn(t, filepath.Join(o.Dir, folder)) {
				if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v %v, want mode 0600.", file, info.Mode(), err)
				}
			}
		}
	})

	t.Run("each secret is long and its own", func(t *testing.T) {
		seen := map[string]bool{}
		for _, secret := range secrets {
			if len(secret) < 64 || seen[secret] {
				t.Errorf("%q is short or twice there.", secret)
			}
			seen[secret] = true
		}
		if len(seen) != 3 {
			t.Errorf("There are %d secrets, want 3.", len(seen))
		}
	})

	t.Run("no secret is among a process's arguments, none of the server's in its environment", func(t *testing.T) {
		for _, p := range e.Processes() {
			arguments := readProc(t, p.PID, "cmdline")
			for _, secret := range secrets {
				if bytes.Contains(arguments, []byte(secret)) {
					t.Errorf("%s is called with a secret: %q", p.Name, arguments)
				}
			}
			if environment := readProc(t, p.PID, "environ"); bytes.Contains(environment, []byte("FELTBOG_")) {
				t.Errorf("%s has the server's own variables: %q", p.Name, environment)
			}
		}
	})

	t.Run("nothing listens but on loopback", func(t *testing.T) {
		for _, p := range e.Processes() {
			found := listening(t, p.PID)
			if len(found) != 1 || !strings.HasPrefix(found[0], "tcp 127.0.0.1:") {
				t.Errorf("%s listens on %v, want one port of 127.0.0.1.", p.Name, found)
			}
		}
	})

	t.Run("an interrupt from the terminal reaches only the server", func(t *testing.T) {
		for _, p := range e.Processes() {
			if group, err := syscall.Getpgid(p.PID); err != nil || group != p.PID {
				t.Errorf("%s is in the process group %d (%v), want its own.", p.Name, group, err)
			}
		}
	})

	t.Run("without the password there is no reading, and no making of users", func(t *testing.T) {
		u, err := url.Parse(e.MongoURI)
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + u.Host + "/?directConnection=true"))
		if err != nil {
			t.Fatal(err)
		}
		defer stranger.Disconnect(within(t))
		for _, command := range []bson.D{
			{{Key: "find", Value: "notes"}},
			{{Key: "createUser", Value: "eve"}, {Key: "pwd", Value: "x"}, {Key: "roles", Value: bson.A{"root"}}},
		} {
			if err := stranger.Database("admin").RunCommand(within(t), command).Err(); err == nil || !strings.Contains(err.Error(), "requires authentication") {
				t.Errorf("%s without a password: %v, want that it requires authentication.", command[0].Key, err)
			}
		}
		open := local.Connection{MeilisearchURL: e.MeilisearchURL, MeilisearchKey: "guessed"}
		if status, _, err := meili(open, "GET", "/indexes", ""); err != nil || status != 403 {
			t.Errorf("Meilisearch with a wrong key: %d %v, want 403.", status, err)
		}
	})

	t.Run("a logged connection shows no secret", func(t *testing.T) {
		var log logBuffer
		logTo(&log, e.Connection)
		for _, secret := range secrets {
			if log.holds(secret) == nil {
				t.Errorf("The log shows a secret: %s", log.text.String())
			}
		}
	})

	t.Run("the logs hold no secret", func(t *testing.T) {
		for _, file := range filesIn(t, filepath.Join(o.Dir, "log")) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s holds a secret.", file)
				}
			}
		}
	})
}

// A shell gives its programs few open files; mongod has one for each collection and index.
func TestOpenFiles(t *testing.T) {
	t.Parallel()
	_, engines := startServer(t, newOptions(t).Dir, "sh", "-c", `ulimit -S -n 256; exec "$0"`)
	limit := regexp.MustCompile(`Max open files +\d+`)
	for _, p := range engines {
		if found := string(limit.Find(readProc(t, p.PID, "limits"))); found == "" || strings.HasSuffix(found, " 256") {
			t.Errorf("%s: %q, want as many as the system lets it.", p.Name, found)
		}
	}
}

// An engine that outlives its server holds the lock that the next server waits for.
func TestEnginesHoldTheirLocks(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	for _, p := range start(t, o).Processes() {
		descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.PID))
		held := slices.ContainsFunc(descriptors, func(d string) bool {
			target, err := os.Readlink(d)
			return err == nil && target == filepath.Join(o.Dir, "run", p.Name+".lock")
		})
		if err != nil || !held {
			t.Errorf("%s does not hold its lock (%v).", p.Name, err)
		}
	}
}

func readSecrets(t *testing.T, dir string) []string {
	t.Helper()
	var secrets []string
	for _, file := range filesIn(t, filepath.Join(dir, "secrets")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, strings.TrimSpace(string(text)))
	}
	return secrets
}

func filesIn(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has the files %v: %v", folder, files, err)
	}
	return files
}

func readProc(t *testing.T, pid int, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil || len(text) == 0 {
		t.Fatalf("Read %s of process %d: %q %v", file, pid, text, err)
	}
	return text
}

// listening returns the sockets on which a process listens, as Linux tells them in /proc.
func listening(t *testing.T, pid int) []string {
	t.Helper()
	descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(descriptors) == 0 {
		t.Fatalf("Process %d has the descriptors %v: %v", pid, descriptors, err)
	}
	own := map[string]bool{}
	socket := regexp.MustCompile(`^socket:\[(\d+)\]$`)
	for _, d := range descriptors {
		target, err := os.Readlink(d)
		if err != nil {
			continue // Closed since.
		}
		if inode := socket.FindStringSubmatch(target); inode != nil {
			own[inode[1]] = true
		}
	}
	var found []string
	for _, table := range []string{"tcp", "tcp6"} {
		for line := range strings.Lines(string(readProc(t, pid, "net/"+table))) {
			f := strings.Fields(line)
			if len(f) < 10 || f[3] != "0A" || !own[f[9]] { // 0A: listening.
				continue
			}
			found = append(found, table+" "+strings.Replace(f[1], "0100007F:", "127.0.0.1:", 1))
		}
	}
	for line := range strings.Lines(string(readProc(t, pid, "net/unix"))) {
		if f := strings.Fields(line); len(f) >= 7 && f[3] == "00010000" && own[f[6]] { // Accepts connections.
			found = append(found, "unix "+strings.Join(f[7:], " "))
		}
	}
	return found
}
