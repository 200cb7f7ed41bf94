package coding_test

import (
	"fmt"
	"sync"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

// upload is a file of plain text.
func upload(name, words string) coding.Upload {
	return coding.Upload{
		Name: name, Data: []byte(words), MediaType: "text/plain", Encoding: "utf-8", Content: content(words),
		Fields: coding.NoteFields{Title: &name, Kind: new(models.KindFieldNote)},
	}
}

// imported gives what becomes of files that are sent together.
func (st *study) imported(who models.Actor, files ...coding.Upload) ([]coding.UploadResult, error) {
	var out []coding.UploadResult
	err := st.service.Import(st.ctx, who, st.space, func() (coding.Upload, bool) {
		if len(files) == 0 {
			return coding.Upload{}, false
		}
		next := files[0]
		files = files[1:]
		return next, true
	}, func(r coding.UploadResult) { out = append(out, r) })
	return out, err
}

func TestAFileSentTwiceAtOnceIsOneNote(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	for round := range 12 {
		words := fmt.Sprintf("Runde %d.", round)
		others := upload("andre.txt", fmt.Sprintf("Andet %d.", round))
		results := make([][]coding.UploadResult, 4)
		errs := make([]error, len(results))
		begin := make(chan struct{})
		var sending sync.WaitGroup
		for i := range results {
			sending.Go(func() {
				<-begin
				if i%2 == 0 {
					results[i], errs[i] = st.imported(st.owner, upload("en.txt", words), others)
				} else {
					results[i], errs[i] = st.imported(st.owner, others, upload("en.txt", words))
				}
			})
		}
		close(begin)
		sending.Wait()
		created := map[models.ID]int{}
		for i, rs := range results {
			st.must(errs[i])
			for _, r := range rs {
				if r.NoteID == "" {
					t.Fatalf("%s names no note", r.Status)
				}
				if r.Status == coding.UploadCreated {
					created[r.NoteID]++
				}
			}
		}
		if len(created) != 2 {
			t.Fatalf("two files made %d notes", len(created))
		}
	}
	notes, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{}, models.Page{Limit: 100})
	st.must(err)
	if len(notes.Items) != 24 {
		t.Errorf("there are %d notes", len(notes.Items))
	}
}
