package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"feltbog/models"
)

// meilisearch is the engine of search, asked without the server between.
type meilisearch struct {
	url, key string
	client   *http.Client
}

func (w *world) meilisearch() *meilisearch {
	return &meilisearch{w.engines.MeilisearchURL, w.engines.MeilisearchKey, &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}}}
}

// request is one request to the engine.
type request struct {
	method, path string
	body         []byte
}

// do sends a request and reads the answer to its end, into out if that isn't nil.
func (m *meilisearch) do(ctx context.Context, r request, out any) error {
	asked, err := http.NewRequestWithContext(ctx, r.method, m.url+r.path, bytes.NewReader(r.body))
	if err != nil {
		return fmt.Errorf("meilisearch: %w", err)
	}
	asked.Header.Set("Authorization", "Bearer "+m.key)
	asked.Header.Set("Content-Type", "application/json")
	response, err := m.client.Do(asked)
	if err != nil {
		return fmt.Errorf("meilisearch: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("meilisearch: %s %s: %s", r.method, r.path, response.Status)
	}
	if out == nil {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	return json.NewDecoder(response.Body).Decode(out)
}

// index waits until the server has put what lies in the database into its search index: it goes on from
// where its index stood before the data came.
func (w *world) index(ctx context.Context) error {
	if err := w.settled(ctx); err != nil {
		return err
	}
	var indexes struct {
		Results []struct {
			UID string `json:"uid"`
		} `json:"results"`
	}
	if err := w.meilisearch().do(ctx, request{method: http.MethodGet, path: "/indexes?limit=1000"}, &indexes); err != nil {
		return err
	}
	for _, index := range indexes.Results {
		if !strings.Contains(index.UID, string(w.large.id)) {
			continue
		}
		var stats struct {
			NumberOfDocuments int `json:"numberOfDocuments"`
		}
		if err := w.meilisearch().do(ctx, request{method: http.MethodGet, path: "/indexes/" + index.UID + "/stats"}, &stats); err != nil {
			return err
		}
		if stats.NumberOfDocuments >= w.size.notes*paragraphsPerNote {
			w.passages, w.indexUID = stats.NumberOfDocuments, index.UID
			w.report.Data += fmt.Sprintf("; %d passages in the index", stats.NumberOfDocuments)
			return nil
		}
	}
	return errors.New("the passages aren't in the search index")
}

// settled waits until the search index is up to date, and neither its engine nor the server has had
// anything to do for half a second.
func (w *world) settled(ctx context.Context) error {
	const calm, look = 500 * time.Millisecond, 50 * time.Millisecond
	busy := time.Now()
	m := w.meilisearch()
	for time.Since(busy) < calm {
		lag, err := w.server.indexLag(ctx)
		if err != nil {
			return err
		}
		var tasks struct {
			Total int `json:"total"`
		}
		if err := m.do(ctx, request{method: http.MethodGet, path: "/tasks?statuses=enqueued,processing&limit=1"}, &tasks); err != nil {
			return err
		}
		before := w.server.worked()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(look):
		}
		if lag != 0 || tasks.Total > 0 || w.server.worked()-before > look/2 {
			busy = time.Now()
		}
	}
	return nil
}

// queries are forty searches as people make them.
func (w *world) queries() []url.Values {
	l := w.language
	var all []url.Values
	ask := func(q string, more ...string) {
		v := url.Values{"q": {q}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		all = append(all, v)
	}
	for _, q := range []string{"data", "møde", "register", "kommunen", "sagsbehandler", "regneark", "gevinst", l.words[400], l.words[1500], l.words[4000]} {
		ask(q)
	}
	for range 10 {
		words := w.pick(2, 1)
		ask(words[0] + " " + words[1])
	}
	for range 6 {
		ask(misspell(w.pick(1, 7)[0]))
	}
	for range 5 {
		ask(`"` + w.phrase() + `"`)
	}
	code, site := string(w.large.codes[2]), string(w.large.sites[3])
	ask("data", "code", code)
	ask("system", "code", code, "site", site)
	ask(w.pick(1, 5)[0], "code", string(w.large.codes[0]))
	ask("borgeren", "site", site)
	ask("møde rapport", "site", string(w.large.sites[0]), "kind", string(models.KindInterview))
	ask("register", "from", "2020-01-01", "to", "2021-06-30")
	ask("kvalitet", "from", "2022-03-01")
	ask("", "code", code, "from", "2019-06-01", "to", "2020-06-01")
	ask("data -møde")
	return all
}

// passage gives the words of a random paragraph, without full stops and commas.
func (w *world) passage() []string {
	t := w.large.notes[w.language.random.IntN(len(w.large.notes))]
	b := t.Blocks[w.language.random.IntN(len(t.Blocks))]
	return strings.Fields(strings.NewReplacer(".", "", ",", "").Replace(t.Slice(b.Start, b.End)))
}

// pick gives n words of one passage with at least so many letters.
func (w *world) pick(n, letters int) []string {
	for {
		var out []string
		for _, word := range w.passage() {
			if utf8.RuneCountInString(word) >= letters && len(out) < n {
				out = append(out, word)
			}
		}
		if len(out) == n {
			return out
		}
	}
}

func (w *world) phrase() string {
	words := w.passage()
	at := w.language.random.IntN(len(words) - 3)
	return strings.Join(words[at:at+3], " ")
}

// misspell leaves out the fourth letter.
func misspell(word string) string {
	runes := []rune(word)
	return string(runes[:3]) + string(runes[4:])
}

// searchPassages times searches with facets and marks beside the same questions to the engine itself.
func searchPassages(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	queries := w.queries()
	asked, found, err := w.overhear(ctx, queries)
	if err != nil {
		return err
	}
	path := "/projects/" + string(w.large.id) + "/search?"
	m := w.meilisearch()
	ours := func(ctx context.Context, i int) error {
		return w.team[1].read(ctx, path+queries[i%len(queries)].Encode())
	}
	limit := func(ctx context.Context, i int) error {
		for _, r := range asked[i%len(queries)] {
			if err := m.do(ctx, r, nil); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := inTurns(ctx, 1, len(queries), ours, limit); err != nil {
		return err
	}
	all, err := inTurns(ctx, w.size.rounds, 3*len(queries), ours, limit)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("%d queries, %d of them with hits", len(queries), found)
	w.report.atMost(fmt.Sprintf("search %d passages, p95", w.passages), all.figure(0.95), 1.2, note)
	w.report.beside("the same, p50", "ms", all.figure(0.5), "")
	return nil
}

// overhear finds out what the server asks the engine for each query: it lets a second server on the
// same engines, with a listener between, answer each once.
func (w *world) overhear(ctx context.Context, queries []url.Values) (asked [][]request, found int, err error) {
	var mu sync.Mutex
	var heard []request
	engine, err := url.Parse(w.engines.MeilisearchURL)
	if err != nil {
		return nil, 0, err
	}
	proxy := httputil.NewSingleHostReverseProxy(engine)
	between, err := listen(ctx, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.HasSuffix(r.URL.Path, "search") {
			mu.Lock()
			heard = append(heard, request{r.Method, r.URL.RequestURI(), body})
			mu.Unlock()
		}
		proxy.ServeHTTP(rw, r)
	}))
	if err != nil {
		return nil, 0, err
	}
	defer between.close()
	second := *w.server
	second.logs = filepath.Join(w.folder, "second.log")
	second.env = append(second.env, "FELTBOG_MONGODB_URI="+w.engines.MongoURI, "FELTBOG_MEILISEARCH_URL="+between.url, "FELTBOG_MEILISEARCH_KEY="+w.engines.MeilisearchKey)
	if second.addr, err = freeAddr(ctx); err != nil {
		return nil, 0, err
	}
	if second.ops, err = freeAddr(ctx); err != nil {
		return nil, 0, err
	}
	if _, err := second.start(ctx); err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, second.stop()) }()
	who := *w.team[1]
	who.server = &second
	for _, q := range queries {
		mu.Lock()
		heard = nil
		mu.Unlock()
		var page struct {
			Total int `json:"total"`
		}
		if err := who.ask(ctx, http.MethodGet, "/projects/"+string(w.large.id)+"/search?"+q.Encode(), nil, &page); err != nil {
			return nil, 0, fmt.Errorf("search %q: %w", q.Get("q"), err)
		}
		if page.Total > 0 {
			found++
		}
		mu.Lock()
		asked = append(asked, heard)
		if len(heard) == 0 {
			err = fmt.Errorf("search %q didn't ask the engine", q.Get("q"))
		}
		mu.Unlock()
		if err != nil {
			return nil, 0, err
		}
	}
	return asked, found, nil
}
