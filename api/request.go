package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"feltbog/coding"
	"feltbog/models"
)

// What a request's context carries from the plumbing to its handler and to its log line.
const (
	requestIDKey = "requestID"
	actorKey     = "actor"
	bodyKey      = "body"
	codeKey      = "code"
	causeKey     = "cause"
)

// actor gives who asks; the zero Actor where anybody may.
func actor(c *gin.Context) models.Actor {
	known, _ := c.Get(actorKey)
	a, _ := known.(models.Actor)
	return a
}

func requestID(c *gin.Context) string { return c.GetString(requestIDKey) }

func bodyOf(c *gin.Context) []byte {
	read, _ := c.Get(bodyKey)
	b, _ := read.([]byte)
	return b
}

// id gives an id from the path. It was checked when the request came in.
func id(c *gin.Context, name string) models.ID { return models.ID(c.Param(name)) }

// space gives the project from the path.
func space(c *gin.Context) models.ID { return id(c, "project") }

// nounIn names what the ids of a path are of, where that isn't the parameter's own name.
var nounIn = map[string]models.Noun{"user": models.NounMember, "record": "record", "savedSearch": models.NounSavedSearch, "member": models.NounCourseMember, "prompt": "prompt"}

// checkPath answers a malformed id like one that names nothing.
func checkPath(c *gin.Context) error {
	for _, p := range c.Params {
		switch p.Key {
		case "key", "token", "noun", "number":
			continue
		}
		if _, err := models.ParseID(p.Value); err != nil {
			noun, ok := nounIn[p.Key]
			if !ok {
				noun = models.Noun(p.Key)
			}
			return models.NotFound(noun)
		}
	}
	return nil
}

// readBody reads a body of at most limit bytes and keeps it for the handler.
func readBody(c *gin.Context, limit int64) error {
	r := c.Request
	if r.Header.Get("Content-Encoding") != "" {
		return errEncoded
	}
	if r.ContentLength > limit {
		return tooLarge(limit)
	}
	var b bytes.Buffer
	if r.ContentLength > 0 {
		b.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(http.MaxBytesReader(c.Writer, r.Body, limit)); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return tooLarge(limit)
		}
		return models.Malformed("body_malformed", "The body broke off before its end.").Because(err)
	}
	c.Set(bodyKey, b.Bytes())
	return nil
}

func tooLarge(limit int64) error {
	return models.TooLarge("body_too_large", fmt.Sprintf("The body of this request may have %d MB.", limit>>20))
}

// mediaType gives the media type of the body, in lower case, without its parameters.
func mediaType(c *gin.Context) (string, map[string]string) {
	t, parameters, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil {
		return "", nil
	}
	return t, parameters
}

// checkJSONType refuses a body that doesn't say it is JSON.
func checkJSONType(c *gin.Context) error {
	if len(bodyOf(c)) == 0 {
		return nil // decode says that one is needed
	}
	t, parameters := mediaType(c)
	isJSON := t == "application/json" || (strings.HasPrefix(t, "application/") && strings.HasSuffix(t, "+json"))
	charset := parameters["charset"]
	if !isJSON || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return errNotJSON
	}
	return nil
}

// seen gives the version that the client saw, from If-Match; 0 if the header is missing.
func seen(c *gin.Context) (int, error) {
	h := strings.TrimSpace(c.GetHeader("If-Match"))
	if h == "" {
		return 0, nil
	}
	number := strings.TrimPrefix(h, "W/")
	if len(number) > 2 && number[0] == '"' && number[len(number)-1] == '"' {
		number = number[1 : len(number)-1]
	}
	version, err := strconv.ParseUint(number, 10, 31)
	if err != nil || version == 0 || strconv.FormatUint(version, 10) != number {
		return 0, models.Malformed("if_match_malformed", `If-Match holds the version you saw, in quotes, such as "3".`)
	}
	return int(version), nil //nolint:gosec // 31 bits, just above
}

// mustSee is seen for changes, which always say what they saw.
func mustSee(c *gin.Context) (int, error) {
	version, err := seen(c)
	if err == nil && version == 0 {
		err = models.Malformed("if_match_missing", `Say which version you saw, with a header such as If-Match: "3". It is the record's version, and the ETag of its answer.`)
	}
	return version, err
}

// withKey lets a write with an Idempotency-Key be repeated. The hash is of everything that makes the
// request what it is.
func withKey(c *gin.Context) error {
	h := c.GetHeader("Idempotency-Key")
	if h == "" {
		return nil
	}
	u, err := uuid.Parse(h)
	if err != nil || u.Version() != 7 || len(h) != 36 {
		return models.Malformed("idempotency_key_malformed", "An Idempotency-Key is a UUIDv7, made anew for each request that isn't a repetition.")
	}
	r := c.Request
	if !strings.HasPrefix(r.URL.Path, v1+"/projects") {
		return nil // accounts keep no answers: a second sign-up meets the first one's e-mail, and so on
	}
	hash := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("If-Match"), r.Header.Get("Content-Type"), string(bodyOf(c))} {
		hash.Write([]byte(strconv.Itoa(len(part)) + ":" + part)) // with its length, so that no two requests run together
	}
	key := coding.Key{ID: models.ID(u.String()), Hash: hex.EncodeToString(hash.Sum(nil))}
	c.Request = r.WithContext(coding.WithKey(r.Context(), key))
	return nil
}

// query is what a request asks for beside its path. The first fault met is kept for done.
type query struct {
	values url.Values
	err    error
}

// parameters reads the query of a request that takes these names alone. A name that is not known is
// refused, since a filter that is misspelt would quietly find everything.
func parameters(c *gin.Context, names ...string) *query {
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.err = models.Malformed("query_malformed", "The query of this address can't be read.").Because(err)
		return q
	}
	for name, all := range values {
		if !slices.Contains(names, name) {
			q.fault("parameter_unknown", name, "This address doesn't take a parameter of that name. It takes: "+strings.Join(names, ", ")+".")
		}
		for _, v := range all {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				q.err = models.Malformed("query_malformed", "The query of this address has bytes that are no text.")
				return q
			}
		}
	}
	return q
}

func (q *query) fault(code, name, sentence string) {
	if q.err == nil {
		q.err = models.Invalid(code, sentence, models.Field{Pointer: "/" + name, Problem: sentence})
	}
}

// one gives a parameter that stands at most once; empty if it is missing.
func (q *query) one(name string) string {
	all := q.values[name]
	if len(all) > 1 {
		q.fault("parameter_repeated", name, "This parameter can stand only once.")
	}
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// all gives a parameter that may be repeated.
func (q *query) all(name string) []string {
	return slices.DeleteFunc(slices.Clone(q.values[name]), func(v string) bool { return v == "" })
}

// some gives a parameter that may be repeated, up to models.MaxRepeated times.
func (q *query) some(name string) []string {
	all := q.all(name)
	if len(all) > models.MaxRepeated {
		q.fault("parameter_repeated", name, fmt.Sprintf("This parameter can stand %d times.", models.MaxRepeated))
		return nil
	}
	return all
}

func (q *query) id(name string) models.ID {
	return q.parseID(name, q.one(name))
}

func (q *query) ids(name string) []models.ID {
	all := q.all(name)
	if len(all) > models.MaxRepeated {
		q.fault("parameter_repeated", name, fmt.Sprintf("This parameter can stand %d times.", models.MaxRepeated))
		return nil
	}
	ids := make([]models.ID, 0, len(all))
	for _, v := range all {
		ids = append(ids, q.parseID(name, v))
	}
	return ids
}

// layer reads which layer is asked for: the open one, or a round by its id.
func (q *query) layer() models.Layer {
	v := q.one("layer")
	if v == "" || v == string(models.LayerOpen) {
		return models.LayerOpen
	}
	return models.Layer(q.parseID("layer", v))
}

func (q *query) parseID(name, v string) models.ID {
	if v == "" {
		return ""
	}
	parsed, err := models.ParseID(v)
	if err != nil {
		q.fault("id_malformed", name, "This id is not a UUID in lower case.")
	}
	return parsed
}

func (q *query) date(name string) models.Date {
	var d models.Date
	if err := d.UnmarshalText([]byte(q.one(name))); err != nil {
		q.fault("date_malformed", name, "A date is written YYYY-MM-DD.")
	}
	return d
}

// time gives a moment; the zero time if it is missing.
func (q *query) time(name string) time.Time {
	v := q.one(name)
	if v == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		q.fault("parameter_malformed", name, "A time is written as in 2024-03-01T09:30:00Z.")
	}
	return at
}

func (q *query) flag(name string) bool {
	switch q.one(name) {
	case "", "false":
	case "true":
		return true
	default:
		q.fault("parameter_malformed", name, "This is true or false.")
	}
	return false
}

// number gives a positive whole number; 0 if it is missing.
func (q *query) number(name string) int {
	v := q.one(name)
	if v == "" {
		return 0
	}
	n, err := strconv.ParseUint(v, 10, 31)
	if err != nil || n == 0 {
		q.fault("parameter_malformed", name, "This is a whole number from 1.")
	}
	return int(n) //nolint:gosec // 31 bits, just above
}

// done gives the first fault of the query.
func (q *query) done() error { return q.err }

// defaultLimit is the size of a page that asks for none.
const defaultLimit = 100

// page reads limit and cursor of a list.
func (s *server) page(c *gin.Context, q *query) models.Page {
	return s.pageOf(c, q, defaultLimit, models.MaxPageSize)
}

// pageOf reads limit and cursor of a list with bounds of its own.
func (s *server) pageOf(c *gin.Context, q *query, usual, most int) models.Page {
	p := models.Page{Limit: usual}
	if v := q.one("limit"); v != "" {
		n, err := strconv.Atoi(v)
		switch {
		case err != nil && q.err == nil:
			q.err = models.Malformed("limit_malformed", "The limit of a page is a whole number.", models.Field{Pointer: "/limit", Problem: "not a whole number"})
		case err == nil && (n < 1 || n > most):
			q.fault("limit_out_of_range", "limit", fmt.Sprintf("A page has 1 to %d items.", most))
		}
		p.Limit = n
	}
	sealed := q.one("cursor")
	if sealed == "" || q.err != nil {
		return p
	}
	p.Cursor, q.err = s.openCursor(c, sealed)
	return p
}

// ticket names the list that a cursor belongs to: its reader, its address and its filters.
func ticket(c *gin.Context) []byte {
	values := c.Request.URL.Query()
	values.Del("limit")
	values.Del("cursor")
	for _, all := range values {
		slices.Sort(all)
	}
	sum := sha256.Sum256([]byte(string(actor(c).UserID) + " " + c.Request.URL.Path + "?" + values.Encode()))
	return sum[:]
}

// sealCursor closes a store's cursor up, so that it opens for this list alone and tells nothing of
// how lists are kept. Without a next page there is no cursor.
func (s *server) sealCursor(c *gin.Context, next string) (*string, error) {
	if next == "" {
		return nil, nil //nolint:nilnil // null is how the last page says that it is
	}
	plain := append(ticket(c), next...)
	sealed, err := s.cursors.Seal(plain, (len(plain)+63)/64*64)
	if err != nil {
		return nil, fmt.Errorf("seal cursor: %w", err)
	}
	return &sealed, nil
}

func (s *server) openCursor(c *gin.Context, sealed string) (string, error) {
	malformed := models.Malformed("cursor_malformed", "This cursor isn't one we gave you for this list. Begin again without it.",
		models.Field{Pointer: "/cursor", Problem: "not a cursor of this list"})
	plain, err := s.cursors.Open(sealed)
	if err != nil {
		return "", malformed.Because(err)
	}
	next, ok := strings.CutPrefix(string(plain), string(ticket(c)))
	if !ok {
		return "", malformed
	}
	return next, nil
}
