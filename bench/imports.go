package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/models"
)

const (
	transcriptBytes = 50_000
	filesPerRequest = 50
	chunkSize       = 255 << 10 // of GridFS
)

// form is one upload, made beforehand.
type form struct {
	contentType string
	body        []byte
}

// importFiles times the upload of transcripts beside the plain writing of the same documents.
func importFiles(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	path := "/projects/" + string(w.large.id) + "/imports"
	requests := w.size.files / filesPerRequest
	forms, groups := make([]form, requests+1), make([]*papers, requests+1)
	for i := range forms {
		var err error
		if forms[i], err = w.form(i); err != nil {
			return err
		}
		if groups[i], err = w.papers(i); err != nil {
			return err
		}
	}
	ours := func(ctx context.Context, i int) error {
		return w.owner.touch(ctx, "POST", path, forms[i].contentType, forms[i].body)
	}
	limit := func(ctx context.Context, i int) error { return w.file(ctx, groups[i]) }
	// The last one warms up: the first file of all makes the indexes of the collections of files.
	if err := ours(ctx, requests); err != nil {
		return err
	}
	if err := limit(ctx, requests); err != nil {
		return err
	}
	all, err := inTurns(ctx, requests, 1, ours, limit)
	if err != nil {
		return err
	}
	f := all.figure(0.5)
	w.report.atMost(fmt.Sprintf("import of %d transcripts of 50 kB, per %d files", w.size.files, filesPerRequest), f, 1.5,
		fmt.Sprintf("%.0f files a second", 1000*filesPerRequest/f.ours))
	return w.settled(ctx)
}

func (w *world) form(i int) (form, error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	metadata, err := json.Marshal(map[string]any{"siteId": w.large.sites[0], "kind": models.KindInterview, "observedOn": "2024-05-06", "language": "da"})
	if err != nil {
		return form{}, err
	}
	if err := m.WriteField("metadata", string(metadata)); err != nil {
		return form{}, err
	}
	for k := range filesPerRequest {
		part, err := m.CreateFormFile("files", fmt.Sprintf("interview-%d-%d.txt", i, k))
		if err != nil {
			return form{}, err
		}
		if _, err := part.Write([]byte(w.language.ofBytes(transcriptBytes))); err != nil {
			return form{}, err
		}
	}
	if err := m.Close(); err != nil {
		return form{}, err
	}
	return form{m.FormDataContentType(), b.Bytes()}, nil
}

// papers are the documents that a request leaves in the database.
type papers struct{ chunks, files, notes, texts, events []any }

func (w *world) papers(i int) (*papers, error) {
	p := &papers{}
	for k := range filesPerRequest {
		text := w.language.ofBytes(transcriptBytes)
		sum := sha256.Sum256([]byte(text))
		f := &models.File{ID: models.NewID(), Name: fmt.Sprintf("interview-%d-%d.txt", i, k), MediaType: "text/plain", Encoding: "utf-8", Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}
		n := &models.Note{
			Head: newHead(w.large.id, time.Now()), Title: f.Name, Kind: models.KindInterview, SiteID: w.large.sites[0], ObservedOn: "2024-05-06",
			ObserverID: w.owner.id, AuthorID: w.owner.id, ParticipantIDs: []models.ID{}, Language: "da", TextVersion: 1, File: f,
		}
		t, err := write(n, text)
		if err != nil {
			return nil, err
		}
		n.Length = t.Length
		p.chunks = append(p.chunks, bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "files_id", Value: f.ID}, {Key: "n", Value: int32(0)}, {Key: "data", Value: []byte(text)}})
		p.files = append(p.files, bson.D{{Key: "_id", Value: f.ID}, {Key: "length", Value: f.Size}, {Key: "chunkSize", Value: int32(chunkSize)}, {Key: "uploadDate", Value: n.CreatedAt}, {Key: "filename", Value: f.Name}})
		p.notes, p.texts, p.events = append(p.notes, n), append(p.texts, t.Text.Text), append(p.events, newEvent(n, w.owner.id))
	}
	return p, nil
}

// file writes the documents as plainly as can be: the originals, and the rest in one transaction.
func (w *world) file(ctx context.Context, p *papers) error {
	for collection, docs := range map[string][]any{"files.chunks": p.chunks, "files.files": p.files} {
		if _, err := w.raw().Collection(collection).InsertMany(ctx, docs); err != nil {
			return err
		}
	}
	session, err := w.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	_, err = session.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		for collection, docs := range map[string][]any{"notes": p.notes, "texts": p.texts, "events": p.events} {
			if _, err := w.raw().Collection(collection).InsertMany(ctx, docs); err != nil {
				return nil, err
			}
		}
		return nil, nil //nolint:nilnil // a transaction without a result
	}, majority())
	return err
}
