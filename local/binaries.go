package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// binaries are the paths of the two engines' programs.
type binaries struct{ mongod, meilisearch string }

// findBinaries looks for both engines and names every one that is missing.
func findBinaries(o Options) (binaries, error) {
	caches := cacheFolders(o.Cache)
	mongod, mongodErr := findBinary(o.Mongod, "mongod", "FELTBOG_MONGOD", "6.0", caches)
	meili, meiliErr := findBinary(o.Meilisearch, "meilisearch", "FELTBOG_MEILISEARCH", "1.21", caches)
	return binaries{mongod: mongod, meilisearch: meili}, errors.Join(mongodErr, meiliErr)
}

func findBinary(given, name, variable, version string, caches []string) (string, error) {
	if given != "" {
		path, err := exec.LookPath(given)
		if err != nil {
			return "", fmt.Errorf("%s (%s) is not a program that can be run: %w", given, variable, err)
		}
		return filepath.Abs(path)
	}
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	for _, cache := range caches {
		// Glob sorts, so the last is the newest of a kind; a cache rarely holds two.
		found, err := filepath.Glob(filepath.Join(cache, name+"-*", name))
		if err != nil || len(found) == 0 {
			continue
		}
		return filepath.Abs(found[len(found)-1])
	}
	return "", fmt.Errorf("%s is missing: run `make engines`, or install %s %s or newer, or set %s to its path", name, name, version, variable)
}

// cacheFolders lists the folders that may hold engines fetched by `make engines`.
func cacheFolders(extra string) []string {
	relative := filepath.Join(".cache", "engines")
	folders := []string{relative}
	if extra != "" {
		folders = append([]string{extra}, folders...)
	}
	executable, err := os.Executable()
	if err != nil {
		return folders
	}
	if target, err := filepath.EvalSymlinks(executable); err == nil {
		executable = target
	}
	return append(folders, filepath.Join(filepath.Dir(executable), "..", relative))
}
