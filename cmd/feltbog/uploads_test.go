package main_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"feltbog/local/enginetest"
)

// tus sends a request of the tus protocol.
func (p *person) tus(t *testing.T, method, address string, body io.Reader, headers ...string) (*reply, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.s.url+address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("Content-Type", "application/offset+octet-stream")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	r := &reply{what: method + " " + address, status: res.StatusCode, header: res.Header}
	r.raw, err = io.ReadAll(res.Body)
	return r, err
}

// TestUploadsOfTwoServers sends a file to two servers on one database, of which one is killed.
func TestUploadsOfTwoServers(t *testing.T) {
	t.Parallel()
	address, key := enginetest.Meili(t)
	settings := []string{
		"FELTBOG_MONGODB_URI=" + enginetest.Mongo(t), "FELTBOG_MONGODB_DATABASE=" + enginetest.Database(t),
		"FELTBOG_MEILISEARCH_URL=" + address, "FELTBOG_MEILISEARCH_KEY=" + key, "FELTBOG_MEILISEARCH_PREFIX=" + enginetest.Prefix(t),
	}
	one, other := serve(t, t.TempDir(), settings), serve(t, t.TempDir(), settings)
	lea := one.signUp(t)
	j := lea.project(t)
	elsewhere := *lea
	elsewhere.s = other

	paragraph := strings.Repeat(strings.Repeat("ø", 49)+". ", 10) + "\n\n"
	words := []byte(strings.TrimSpace(strings.Repeat(paragraph, 3_000))) // 3 MB, and fewer code points than a text may have
	res, err := lea.tus(t, http.MethodPost, "/api/v1"+j.path+"/uploads", http.NoBody, "Upload-Length", strconv.Itoa(len(words)),
		"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("field.txt")))
	if err != nil || res.status != http.StatusCreated {
		t.Fatal(res, err)
	}
	at := res.header.Get("Location")
	arrived := func() (int, error) {
		res, err := elsewhere.tus(t, http.MethodHead, at, http.NoBody)
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(res.header.Get("Upload-Offset"))
	}

	body, sender := io.Pipe()
	broken := make(chan error, 1)
	go func() {
		_, err := lea.tus(t, http.MethodPatch, at, body, "Upload-Offset", "0")
		broken <- err
	}()
	if _, err := sender.Write(words[:2_500_000]); err != nil { // and then no more
		t.Fatal(err)
	}
	eventually(t, "the other server sees bytes arrive", func() error {
		n, err := arrived()
		if err == nil && n < 2_000_000 {
			err = fmt.Errorf("%d bytes are there", n)
		}
		return err
	})
	n, err := arrived()
	if err != nil {
		t.Fatal(err)
	}
	if res, err := elsewhere.tus(t, http.MethodPatch, at, bytes.NewReader(words[n:]), "Upload-Offset", strconv.Itoa(n)); err != nil || res.status != http.StatusLocked {
		t.Fatal("while one server takes in bytes, the other says", res, err)
	}
	one.signal(syscall.SIGKILL)
	one.wait(t)
	_ = sender.CloseWithError(errors.New("the connection broke"))
	if err := <-broken; err == nil {
		t.Error("the sender isn't told that the server has died")
	}
	eventually(t, "the other server takes the rest", func() error {
		n, err := arrived()
		if err != nil {
			return err
		}
		res, err := elsewhere.tus(t, http.MethodPatch, at, bytes.NewReader(words[n:]), "Upload-Offset", strconv.Itoa(n))
		if err == nil && res.status != http.StatusNoContent {
			err = fmt.Errorf("it says %d", res.status)
		}
		return err
	})
	type upload struct{ State, Format string }
	eventually(t, "the file is read", func() error {
		u := get[upload](t, &elsewhere, strings.TrimPrefix(at, "/api/v1"))
		switch {
		case u.State == "refused":
			t.Fatal("it is refused")
		case u != upload{"ready", "text"}:
			return fmt.Errorf("it is %+v", u)
		}
		return nil
	})
	type text struct{ Text string }
	if got := get[text](t, &elsewhere, strings.TrimPrefix(at, "/api/v1")+"/text"); got.Text != string(words) {
		t.Errorf("%d bytes of text came of %d", len(got.Text), len(words))
	}
}

// TestUploadsWhenAServerStops breaks off a sender in order, and finds all that was sent.
func TestUploadsWhenAServerStops(t *testing.T) {
	t.Parallel()
	address, key := enginetest.Meili(t)
	s := serve(t, t.TempDir(), []string{
		"FELTBOG_MONGODB_URI=" + enginetest.Mongo(t), "FELTBOG_MONGODB_DATABASE=" + enginetest.Database(t),
		"FELTBOG_MEILISEARCH_URL=" + address, "FELTBOG_MEILISEARCH_KEY=" + key, "FELTBOG_MEILISEARCH_PREFIX=" + enginetest.Prefix(t),
	})
	lea := s.signUp(t)
	j := lea.project(t)
	res, err := lea.tus(t, http.MethodPost, "/api/v1"+j.path+"/uploads", http.NoBody, "Upload-Length", "40000000",
		"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("field.txt")))
	if err != nil || res.status != http.StatusCreated {
		t.Fatal(res, err)
	}
	at := res.header.Get("Location")
	body, sender := io.Pipe()
	told := make(chan *reply, 1)
	go func() {
		r, _ := lea.tus(t, http.MethodPatch, at, body, "Upload-Offset", "0")
		told <- r
	}()
	arrived := func() int {
		r, err := lea.tus(t, http.MethodHead, at, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(r.header.Get("Upload-Offset"))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	part := make([]byte, 1000)
	before := 0
	eventually(t, "bytes that come slowly are kept while they come", func() error {
		if _, err := sender.Write(part); err != nil {
			t.Fatal(err)
		}
		if before = arrived(); before == 0 {
			return errors.New("none is there")
		}
		return nil
	})
	s.signal(syscall.SIGTERM)
	go func() { // the sender goes on until it is broken off
		for {
			if _, err := sender.Write(part[:1]); err != nil {
				return
			}
		}
	}()
	// Bytes that nobody read may have broken the connection before the answer came through.
	if r := <-told; r != nil && r.status != http.StatusServiceUnavailable {
		t.Errorf("the sender is told %+v", r)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("the server ended with the code %d", code)
	}
	s.start(t)
	if n := arrived(); n < before {
		t.Errorf("%d bytes are there, and %d were", n, before)
	}
}
