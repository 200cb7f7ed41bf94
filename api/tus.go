package api

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// Uploads can be resumed by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload), with
// its extensions creation, creation-with-upload, expiration and termination.
const (
	tusVersion = "1.0.0"
	tusBytes   = "application/offset+octet-stream"
	// tusSilence is how long a sender may send nothing before it is taken for gone.
	tusSilence = 20 * time.Second
)

// The answers of the protocol with statuses that no kind stands for.
var (
	errTusVersion = &httpError{http.StatusPreconditionFailed, "tus_version_unknown", "Say which version of the tus protocol this is, with the header Tus-Resumable: 1.0.0."}
	errTusBytes   = &httpError{http.StatusUnsupportedMediaType, "body_not_bytes", "Send the bytes of the file as they are, with the header Content-Type: " + tusBytes + "."}
	errTusLocked  = &httpError{http.StatusLocked, "upload_locked", "This file is being sent already. Try again in a moment."}
)

// checkTus refuses what speaks another version of the protocol.
func checkTus(c *gin.Context) error {
	c.Header("Tus-Resumable", tusVersion)
	if c.GetHeader("Tus-Resumable") != tusVersion {
		c.Header("Tus-Version", tusVersion)
		return errTusVersion
	}
	return nil
}

// tellUpload says where an upload stands.
func tellUpload(c *gin.Context, u *models.Upload) {
	c.Header("Upload-Offset", strconv.FormatInt(u.Received, 10))
	c.Header("Upload-Expires", u.ExpiresAt.UTC().Format(http.TimeFormat))
}

// POST /projects/:project/uploads makes a place for a file, and takes in what of it is sent along.
func (s *server) beginUpload(c *gin.Context) error {
	if err := checkTus(c); err != nil {
		return err
	}
	in, err := announced(c)
	if err != nil {
		return err
	}
	withBytes, err := bytesCome(c)
	if err != nil {
		return err
	}
	u, err := s.coding.BeginUpload(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	c.Header("Location", v1+"/projects/"+string(space(c))+"/uploads/"+string(u.ID))
	if withBytes {
		// The place is made whatever becomes of the bytes: who asks for it hears how many arrived.
		if more, err := s.receiveBytes(c, u.ID, 0); err == nil {
			u = more
		}
	}
	tellUpload(c, u)
	c.Status(http.StatusCreated)
	return nil
}

// announced reads what is said of a file before its bytes come.
func announced(c *gin.Context) (coding.NewUpload, error) {
	size, err := strconv.ParseInt(c.GetHeader("Upload-Length"), 10, 64)
	if err != nil || size < 0 {
		return coding.NewUpload{}, models.Malformed("upload_length_malformed", "Say how many bytes the file has, with the header Upload-Length.")
	}
	said, err := tusMetadata(c.GetHeader("Upload-Metadata"))
	if err != nil {
		return coding.NewUpload{}, err
	}
	return coding.NewUpload{Name: exchange.FileName(said["filename"]), Path: said["path"], Size: size}, nil
}

// tusMetadata reads pairs of a name and a value in base64.
func tusMetadata(header string) (map[string]string, error) {
	malformed := models.Malformed("upload_metadata_malformed", "The header Upload-Metadata holds pairs of a name and a value in base64, with commas between them. The value named filename is needed.")
	said := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		name, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if _, twice := said[name]; err != nil || twice || !utf8.Valid(value) || strings.ContainsFunc(string(value), isControl) {
			return nil, malformed
		}
		said[name] = string(value)
	}
	if said["filename"] == "" {
		return nil, malformed
	}
	return said, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// bytesCome says whether the request has bytes of the file in it.
func bytesCome(c *gin.Context) (bool, error) {
	if c.Request.ContentLength == 0 {
		return false, nil
	}
	if t, _ := mediaType(c); t != tusBytes {
		return false, errTusBytes
	}
	if c.GetHeader("Content-Encoding") != "" {
		return false, errEncoded
	}
	return true, nil
}

// HEAD /projects/:project/uploads/:upload says how much of a file is here.
func (s *server) askUpload(c *gin.Context) error {
	if err := checkTus(c); err != nil {
		return err
	}
	v, err := s.coding.Upload(c.Request.Context(), actor(c), space(c), id(c, "upload"))
	if err != nil {
		return err
	}
	tellUpload(c, v.Upload)
	c.Header("Upload-Length", strconv.FormatInt(v.Size, 10))
	c.Header("Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(v.Name))+",path "+base64.StdEncoding.EncodeToString([]byte(v.Path)))
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	return nil
}

// PATCH /projects/:project/uploads/:upload adds bytes to a file.
func (s *server) continueUpload(c *gin.Context) error {
	if err := checkTus(c); err != nil {
		return err
	}
	if t, _ := mediaType(c); t != tusBytes {
		return errTusBytes
	}
	if c.GetHeader("Content-Encoding") != "" {
		return errEncoded
	}
	offset, err := strconv.ParseInt(c.GetHeader("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return models.Malformed("upload_offset_malformed", "Say behind how many bytes these come, with the header Upload-Offset.")
	}
	u, err := s.receiveBytes(c, id(c, "upload"), offset)
	if err != nil {
		return err
	}
	tellUpload(c, u)
	return answerNothing(c)
}

// receiveBytes takes in the body of a request as bytes of a file.
func (s *server) receiveBytes(c *gin.Context, upload models.ID, offset int64) (*models.Upload, error) {
	body := &patientBody{body: c.Request.Body, connection: http.NewResponseController(c.Writer), stopping: s.hub.Stopped}
	u, err := s.coding.ReceiveUpload(c.Request.Context(), actor(c), space(c), upload, offset, c.Request.ContentLength, body)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Code == errTusLocked.code {
		return nil, errTusLocked
	}
	return u, err
}

// patientBody gives up on a sender that is silent for too long, since its connection may be gone without
// a word, and on every sender when the server stops: the rest can be sent to the next one.
type patientBody struct {
	body       io.Reader
	connection *http.ResponseController
	stopping   func() bool
}

var errStopping = models.Unavailable("stream_closed", "The server is stopping. Connect again in a moment.", nil)

func (b *patientBody) Read(p []byte) (int, error) {
	if b.stopping() {
		return 0, errStopping
	}
	_ = b.connection.SetReadDeadline(time.Now().Add(tusSilence)) // where there are any
	return b.body.Read(p)
}
