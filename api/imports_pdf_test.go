package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportPDFs sends PDFs in one step, which processes apart from the server read.
func TestImportPDFs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	sample := func(name string) file {
		data, err := os.ReadFile(filepath.Join("..", "exchange", "testdata", "documents", name))
		if err != nil {
			t.Fatal(err)
		}
		return file{name, data}
	}
	form, header := aForm(t, object{"kind": "interview"}, sample("pdpilot-P1.pdf"), sample("ocr_test.pdf"), sample("libreoffice-writer-password.pdf"), file{"cut.pdf", []byte("%PDF-1.7\n")})
	items := j.post(j.path+"/imports", form, header).want(http.StatusOK).items()
	for i, code := range []string{"", "scan_without_text", "file_protected", "file_damaged"} {
		if code == "" {
			text := j.get(j.path + "/notes/" + at(t, items[i], "noteId").(string) + "/text").want(http.StatusOK).text("text")
			if !strings.Contains(text, "if you currently use ICE plots in your work?") {
				t.Errorf("the text is %.200q", text)
			}
			continue
		}
		if at(t, items[i], "status") != "refused" || at(t, items[i], "problem", "code") != code {
			t.Errorf("%v, want %s", items[i], code)
		}
	}
}
