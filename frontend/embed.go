// Package frontend holds the pages that people see in a browser, as the build left them in dist, and
// serves them. It imports the standard library only.
package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built pages and their assets. Before the first build there are none in it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only for a malformed path
	}
	return files
}

// PagePolicy is the content security policy of our own pages: everything from this origin, no inline
// scripts, in nobody's frame. Styles may stand in the page: the library of the app's controls writes its
// sizes and colours there.
const PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// WorkerPolicy is the content security policy of the service worker: it fetches from this origin, and
// runs nothing else.
const WorkerPolicy = "default-src 'none'; connect-src 'self'"

// Handler serves the pages of Files by their names, and index.html at every other address without an
// ending: the app has addresses of its own, for notes and the like, that it reads itself.
func Handler() http.Handler { return Serve(Files()) }

// Page serves one page of Files wherever it is mounted, by its name in dist.
func Page(name string) http.Handler {
	h := Serve(Files())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := r.Clone(r.Context())
		page.URL.Path = "/" + name
		h.ServeHTTP(w, page)
	})
}

// Serve serves files as Handler does.
func Serve(files fs.FS) http.Handler {
	return &handler{files: files, known: map[string]*file{}}
}

type handler struct {
	files fs.FS
	mu    sync.Mutex
	known map[string]*file
}

// file is what is sent of one file: its bytes, plain and zipped (nil where that is no gain), and the
// hash that names them.
type file struct {
	mediaType     string
	hash          string
	plain, zipped []byte
}

// ServeHTTP serves the file that the path names, and the app at the root and at its own addresses.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Pages can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if path.Ext(name) == "" && name != "assets" && !strings.HasPrefix(name, "assets/") {
		name = "index.html"
	}
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	f, err := h.open(name)
	if err != nil {
		head.Set("Cache-Control", "no-store")
		if _, err := fs.Stat(h.files, "index.html"); err != nil {
			http.Error(w, "The pages have not been built yet. Run `make build` and start the server again.", http.StatusNotFound)
			return
		}
		http.Error(w, "There is no such page. Begin at /.", http.StatusNotFound)
		return
	}
	head.Set("Content-Type", f.mediaType)
	head.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		head.Set("Cache-Control", "public, max-age=31536000, immutable") // the name has the hash in it
	}
	switch {
	case strings.HasSuffix(name, ".html"):
		head.Set("Content-Security-Policy", PagePolicy)
	case name == "sw.js":
		head.Set("Content-Security-Policy", WorkerPolicy)
	}
	content, tag := f.plain, f.hash
	if f.zipped != nil {
		head.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			content, tag = f.zipped, f.hash+"-gzip"
			head.Set("Content-Encoding", "gzip")
		}
	}
	head.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// open reads, hashes and zips a file the first time it is asked for.
func (h *handler) open(name string) (*file, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f, ok := h.known[name]; ok {
		return f, nil
	}
	if strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	plain, err := fs.ReadFile(h.files, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	sum := sha256.Sum256(plain)
	f := &file{mediaType: mediaType(name), hash: hex.EncodeToString(sum[:12]), plain: plain}
	if zipped := zip(plain); len(zipped) < len(plain)*9/10 {
		f.zipped = zipped
	}
	h.known[name] = f
	return f, nil
}

// zip compresses in memory, where writing doesn't fail.
func zip(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // once for each file; the level is a valid one
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

// acceptsGzip reads Accept-Encoding as browsers send it.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.TrimRight(strings.ReplaceAll(weight, " ", ""), "0.") != "q="
		}
	}
	return false
}

// mediaType goes by the ending of a name, whatever the machine's own tables say.
func mediaType(name string) string {
	switch ending := path.Ext(name); ending {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".json":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	default:
		if known := mime.TypeByExtension(ending); known != "" {
			return known
		}
		return "application/octet-stream"
	}
}
