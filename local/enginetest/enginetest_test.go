package enginetest_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local/enginetest"
)

func TestDatabase(t *testing.T) {
	client, err := mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(context.Background())
	var name string
	t.Run("a test has a database to itself", func(t *testing.T) {
		name = enginetest.Database(t)
		if other := enginetest.Database(t); other == name {
			t.Errorf("Two databases are named %s.", name)
		}
		if _, err := client.Database(name).Collection("entries").InsertOne(t.Context(), bson.D{}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("which is gone after it", func(t *testing.T) {
		names, err := client.ListDatabaseNames(t.Context(), bson.D{})
		if err != nil || slices.Contains(names, name) {
			t.Errorf("The databases are %v (%v).", names, err)
		}
	})
}

func TestMeili(t *testing.T) {
	url, key := enginetest.Meili(t)
	request, err := http.NewRequest(http.MethodGet, url+"/indexes", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("Meilisearch answers %s to its key.", response.Status)
	}
	if a, b := enginetest.Prefix(t), enginetest.Prefix(t); a == b || a == "" {
		t.Errorf("The prefixes are %q and %q.", a, b)
	}
}

// A process cannot remove the directory of engines that end with it: the next one does.
func TestSweep(t *testing.T) {
	if dir := os.Getenv("FELTBOG_TEST_LEAVE_A_DIRECTORY"); dir != "" {
		o, err := enginetest.Options()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir, []byte(o.Dir), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	note := filepath.Join(t.TempDir(), "note")
	other := exec.Command(os.Args[0], "-test.run=^TestSweep$")
	other.Env = append(os.Environ(), "FELTBOG_TEST_LEAVE_A_DIRECTORY="+note)
	if out, err := other.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	left, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := enginetest.Options()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(mine.Dir)
	if _, err := os.Stat(string(left)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was left there: %v.", left, err)
	}
	if again, err := enginetest.Options(); err != nil {
		t.Error(err)
	} else if err := os.Remove(again.Dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(mine.Dir); err != nil {
		t.Errorf("The directory of a process that lives is gone: %v.", err)
	}
}

func TestRun(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	if out, err := exec.Command("go", "build", "-o", run, "feltbog/local/enginetest/run").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	t.Run("the command finds the engines, and its exit code is passed on", func(t *testing.T) {
		out, err := exec.Command(run, "--", "sh", "-c", `echo "$FELTBOG_TEST_MONGODB_URI $FELTBOG_TEST_MEILISEARCH_URL $FELTBOG_TEST_MEILISEARCH_KEY"; exit 7`).Output()
		end, ok := errors.AsType[*exec.ExitError](err)
		if !ok || end.ExitCode() != 7 {
			t.Errorf("It ended with %v, want exit code 7.", err)
		}
		found := strings.Fields(string(out))
		if len(found) != 3 || !strings.HasPrefix(found[0], "mongodb://") || !strings.HasPrefix(found[1], "http://127.0.0.1:") {
			t.Fatalf("The command found %q.", out)
		}
		if conn, err := net.Dial("tcp", strings.TrimPrefix(found[1], "http://")); err == nil {
			conn.Close()
			t.Error("Meilisearch still runs.")
		}
	})

	t.Run("a command that works gives 0", func(t *testing.T) {
		if out, err := exec.Command(run, "true").CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("It ended with %v: %s", err, out)
		}
	})

	t.Run("a command that is not there is an error", func(t *testing.T) {
		if out, err := exec.Command(run, "--", "no-such-command").CombinedOutput(); err == nil || !strings.Contains(string(out), "no-such-command") {
			t.Errorf("It ended with %v: %s", err, out)
		}
	})

	t.Run("without engines it says what to do", func(t *testing.T) {
		cmd := exec.Command(run, "true")
		cmd.Env = append(os.Environ(), "FELTBOG_MONGOD=/nowhere/mongod")
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "FELTBOG_MONGOD") {
			t.Errorf("It ended with %v: %s", err, out)
		}
	})
}
