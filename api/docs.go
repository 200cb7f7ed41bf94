package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the document
	"encoding/hex"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/frontend"
)

// document is the description of this API, written by hand and held to the truth by contract_test.go.
//
//go:embed openapi.yaml
var document []byte

// documentPath is where programs find the document.
const documentPath = "/api/openapi.yaml"

// mountDocs adds the document, and the page that shows it to people.
func mountDocs(e *gin.Engine) {
	sum := sha256.Sum256(document)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	e.GET(documentPath, func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Type", "application/yaml")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(document))
	})
	e.GET("/api/docs", gin.WrapH(frontend.Page("docs.html")))
}
