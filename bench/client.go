package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"feltbog/models"
)

// renew is how old an access token may get before its owner signs in again; it lasts ten minutes.
const renew = 4 * time.Minute

// person is somebody with an account, with connections of their own, as a browser has.
type person struct {
	server   *server
	email    string
	password string
	id       models.ID
	client   *http.Client
	token    string
	since    time.Time
}

func newPerson(s *server, name string) *person {
	return &person{
		server: s, email: name + "@example.org", password: "four plain words of " + name,
		client: newClient(),
	}
}

// newClient has connections of its own, as every browser has.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16, WriteBufferSize: 64 << 10, ReadBufferSize: 64 << 10}}
}

// signIn takes what a sign-up or a sign-in answers.
func (p *person) signIn(ctx context.Context, path string, in map[string]any) error {
	var out struct {
		AccessToken string      `json:"accessToken"`
		User        models.User `json:"user"`
	}
	if err := p.ask(ctx, http.MethodPost, path, in, &out); err != nil {
		return err
	}
	p.token, p.since, p.id = out.AccessToken, time.Now(), out.User.ID
	return nil
}

// awake signs in again where the token would not last through the next round.
func (p *person) awake(ctx context.Context) error {
	if time.Since(p.since) < renew {
		return nil
	}
	return p.signIn(ctx, "/auth/sign-in", map[string]any{"email": p.email, "password": p.password})
}

// ask sends JSON and reads the JSON of the answer, which must be a good one.
func (p *person) ask(ctx context.Context, method, path string, in, out any) error {
	return p.change(ctx, method, path, 0, in, out)
}

// change is ask about a record that was seen at a version, 0 for none.
func (p *person) change(ctx context.Context, method, path string, seen int, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	answer, err := p.sendSeen(ctx, method, path, "application/json", seen, body)
	if err != nil {
		return err
	}
	defer answer.Close() //nolint:errcheck // it was only read
	if out == nil {
		_, err = io.Copy(io.Discard, answer)
	} else {
		err = json.NewDecoder(answer).Decode(out)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// post sends a body that was made before and reads the answer to its end without looking into it.
func (p *person) post(ctx context.Context, path string, body []byte) error {
	return p.touch(ctx, http.MethodPost, path, "application/json", body)
}

// read fetches an address and reads the answer to its end without looking into it.
func (p *person) read(ctx context.Context, path string) error {
	return p.touch(ctx, http.MethodGet, path, "", nil)
}

func (p *person) touch(ctx context.Context, method, path, contentType string, body []byte) error {
	answer, err := p.send(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer)
	if err := answer.Close(); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return err
}

// send sends a request and gives the body of a good answer.
func (p *person) send(ctx context.Context, method, path, contentType string, body []byte) (io.ReadCloser, error) {
	return p.sendSeen(ctx, method, path, contentType, 0, body)
}

// sendSeen is send that says which version of the record was seen, unless that is 0.
func (p *person) sendSeen(ctx context.Context, method, path, contentType string, seen int, body []byte) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, method, p.server.url()+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	if seen > 0 {
		request.Header.Set("If-Match", fmt.Sprintf("%q", strconv.Itoa(seen)))
	}
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		defer response.Body.Close() //nolint:errcheck // it was only read
		problem, err := io.ReadAll(io.LimitReader(response.Body, 2000))
		return nil, errors.Join(fmt.Errorf("%s %s: %s: %s", method, path, response.Status, problem), err)
	}
	return response.Body, nil
}
