// Package enginetest gives tests a real mongod and a real meilisearch.
//
// `go run ./local/enginetest/run -- go test ./...` starts one pair for all packages and tells the
// tests where it is; a test that runs alone starts a pair for its process. Tests share the engines,
// and keep apart by the names that Database and Prefix give them.
//
// It is for tests: the product may not import it. It may import local and the MongoDB driver.
package enginetest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local"
)

// Names of the variables that tell tests of engines that run already.
const (
	MongoURIVariable       = "FELTBOG_TEST_MONGODB_URI"
	MeilisearchURLVariable = "FELTBOG_TEST_MEILISEARCH_URL"
	MeilisearchKeyVariable = "FELTBOG_TEST_MEILISEARCH_KEY"
)

const (
	patience     = time.Minute
	folderPrefix = "feltbog-test-" // then the process's id, a hyphen and something random
)

// Mongo returns the URI of a MongoDB server for tests. Use a database that Database names.
func Mongo(tb testing.TB) (uri string) {
	tb.Helper()
	return connection(tb).MongoURI
}

// Meili returns the address and master key of a Meilisearch server for tests. Begin the names of
// indexes with what Prefix returns.
func Meili(tb testing.TB) (url, key string) {
	tb.Helper()
	c := connection(tb)
	return c.MeilisearchURL, c.MeilisearchKey
}

// Database returns the name of a database that no other test uses. It is dropped when tb ends.
func Database(tb testing.TB) string {
	tb.Helper()
	uri := Mongo(tb)
	name := "test_" + unique()
	tb.Cleanup(func() {
		// A transaction whose test went away in the middle holds its database for a minute.
		ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
		defer cancel()
		client, err := mongo.Connect(options.Client().ApplyURI(uri))
		if err != nil {
			tb.Errorf("Drop database %s: %v.", name, err)
			return
		}
		if err := errors.Join(client.Database(name).Drop(ctx), client.Disconnect(ctx)); err != nil {
			tb.Errorf("Drop database %s: %v.", name, err)
		}
	})
	return name
}

// Prefix returns a beginning for names of indexes that no other test uses.
func Prefix(tb testing.TB) string {
	tb.Helper()
	return "test_" + unique() + "_"
}

// Options are how engines for tests are started: on an empty data directory in memory where there is
// room, with binaries that `make engines` fetched. The directory is the caller's to remove.
func Options() (local.Options, error) {
	root, err := Root()
	if err != nil {
		return local.Options{}, err
	}
	parent := scratch()
	sweep(parent)
	dir, err := os.MkdirTemp(parent, folderPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return local.Options{}, fmt.Errorf("make a data directory for tests: %w", err)
	}
	return local.Options{
		Dir:         dir,
		Mongod:      os.Getenv("FELTBOG_MONGOD"),
		Meilisearch: os.Getenv("FELTBOG_MEILISEARCH"),
		Cache:       filepath.Join(root, ".cache", "engines"),
		CacheSizeGB: 0.5,
		Log:         slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, nil
}

// Root returns the project's root folder: the nearest one above that has a go.mod.
func Root() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) { // Built with -trimpath.
		var err error
		if file, err = filepath.Abs("x"); err != nil {
			return "", fmt.Errorf("find the project's root: %w", err)
		}
	}
	for folder := filepath.Dir(file); ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("find the project's root: no go.mod above %s", filepath.Dir(file))
		}
	}
}

// connection finds the engines that run for all packages, or starts a pair for this process, which
// ends with it.
func connection(tb testing.TB) local.Connection {
	tb.Helper()
	given := local.Connection{
		MongoURI:       os.Getenv(MongoURIVariable),
		MeilisearchURL: os.Getenv(MeilisearchURLVariable),
		MeilisearchKey: os.Getenv(MeilisearchKeyVariable),
	}
	if given.MongoURI != "" && given.MeilisearchURL != "" {
		return given
	}
	c, err := ofProcess()
	if err != nil {
		tb.Fatalf("These tests need the real engines: %v.", err)
	}
	return c
}

var ofProcess = sync.OnceValues(func() (local.Connection, error) {
	o, err := Options()
	if err != nil {
		return local.Connection{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	e, err := local.Start(ctx, o)
	if err != nil {
		return local.Connection{}, err
	}
	return e.Connection, nil
})

// sweep removes the data directories of test processes that are gone: a process cannot remove the one
// whose engines end with it.
func sweep(parent string) {
	found, err := filepath.Glob(filepath.Join(parent, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range found {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), folderPrefix), "-")
		pid, err := strconv.Atoi(owner)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // It may be another user's, or another sweep was quicker.
		}
	}
}

func unique() string {
	bits := make([]byte, 6)
	for i := range bits {
		bits[i] = byte(rand.UintN(256))
	}
	return strings.ToLower(hex.EncodeToString(bits))
}
