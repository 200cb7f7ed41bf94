package local

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// meilisearch is the engine of search.
type meilisearch struct {
	dir  directory
	keys secrets
}

func (s *meilisearch) name() string   { return "meilisearch" }
func (s *meilisearch) folder() string { return s.dir.meilisearch() }

func (s *meilisearch) args(port int) []string {
	return []string{
		"--env", "production",
		"--no-analytics",
		"--http-addr", address(port),
		"--db-path", filepath.Join(s.folder(), "data.ms"),
		"--dump-dir", filepath.Join(s.folder(), "dumps"),
		"--snapshot-dir", filepath.Join(s.folder(), "snapshots"),
		"--max-indexing-memory", "512MiB",
		"--max-indexing-threads", "1",
		"--log-level", "WARN", // INFO writes a line for each search.
	}
}

// env carries the master key, because other users of the machine can read arguments.
func (s *meilisearch) env() []string {
	return []string{"MEILI_MASTER_KEY=" + s.keys.meilisearch, "NO_COLOR=1"}
}

// ready asks for the version: unlike /health it wants the key, so it tells our engine from another's.
func (s *meilisearch) ready(ctx context.Context, port int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, meilisearchURL(port)+"/version", http.NoBody)
	if err != nil {
		return fmt.Errorf("ask meilisearch: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+s.keys.meilisearch)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask meilisearch: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // It was only read.
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask meilisearch: %s", response.Status)
	}
	var version struct {
		PkgVersion string `json:"pkgVersion"`
	}
	if err := json.NewDecoder(response.Body).Decode(&version); err != nil {
		return fmt.Errorf("ask meilisearch: %w", err)
	}
	return checkMeilisearch(version.PkgVersion)
}

func checkMeilisearch(version string) error {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d.", &major, &minor); err != nil {
		return fmt.Errorf("read meilisearch's version %q: %w", version, err)
	}
	if major > 1 || major == 1 && minor >= 21 {
		return nil
	}
	return permanentError{fmt.Errorf("this is meilisearch %s, and Feltbog needs 1.21 or newer: run `make engines` and set FELTBOG_MEILISEARCH to the one it fetched", version)}
}

func (s *meilisearch) portTaken(end exit) bool {
	return strings.Contains(strings.ToLower(end.lastLine()), "address already in use")
}

// telling leaves out the banner and the stack traces.
func (s *meilisearch) telling(line string) bool {
	return strings.HasPrefix(strings.ToLower(line), "error") || strings.Contains(line, " ERROR ") ||
		strings.Contains(line, "panicked at") || adviceFor(line) != ""
}

func (s *meilisearch) readable(line string) string { return line }

func meilisearchURL(port int) string { return "http://" + address(port) }
