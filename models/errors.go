package models

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the receiver of an error can do about it.
type Kind int

// The kinds of errors. Internal is the zero value: whatever nobody classified.
const (
	KindInternal Kind = iota
	KindMalformed
	KindInvalid
	KindUnauthenticated
	KindForbidden
	KindNotFound
	KindConflict
	KindStale
	KindTooLarge
	KindTooMany
	KindUnavailable
)

// Field points at one faulty place of a request, by JSON pointer. Code and Values are there where the
// problem of the place is one that other languages have sentences for: it, and what is inserted in it.
type Field struct {
	Pointer string   `json:"pointer"`
	Problem string   `json:"problem"`
	Code    string   `json:"code,omitempty"`
	Values  []string `json:"values,omitempty"`
}

// Error is an error its receiver can act on. Sentence is written for people; Code is stable and
// written for programs. Current holds the record as it stands, for Stale and some Conflict errors.
type Error struct {
	Kind     Kind
	Code     string
	Sentence string
	Fields   []Field
	Current  any
	// RetryAfter is in seconds; it accompanies TooMany and Unavailable.
	RetryAfter int
	cause      error
}

// Error gives the code, the sentence and the cause, for logs.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Sentence, e.cause)
	}
	return e.Code + ": " + e.Sentence
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Because keeps the cause for the log; it never reaches a client.
func (e *Error) Because(err error) *Error {
	e.cause = err
	return e
}

// Malformed says that a request could not be read at all.
func Malformed(code, sentence string, fields ...Field) *Error {
	return &Error{Kind: KindMalformed, Code: code, Sentence: sentence, Fields: fields}
}

// Invalid says that a request was understood and refused.
func Invalid(code, sentence string, fields ...Field) *Error {
	return &Error{Kind: KindInvalid, Code: code, Sentence: sentence, Fields: fields}
}

// Unauthenticated says that the caller has to sign in.
func Unauthenticated(code, sentence string) *Error {
	return &Error{Kind: KindUnauthenticated, Code: code, Sentence: sentence}
}

// Forbidden says that a member lacks the right.
func Forbidden(code, sentence string) *Error {
	return &Error{Kind: KindForbidden, Code: code, Sentence: sentence}
}

// NotFound says that there is no such record here, or none that the caller may know of.
func NotFound(noun Noun) *Error {
	return &Error{Kind: KindNotFound, Code: string(noun) + "_not_found", Sentence: fmt.Sprintf("There is no such %s here.", strings.ReplaceAll(string(noun), "_", " "))}
}

// Conflict says that the state of things doesn't allow the change.
func Conflict(code, sentence string, fields ...Field) *Error {
	return &Error{Kind: KindConflict, Code: code, Sentence: sentence, Fields: fields}
}

// Stale says that the record changed since the caller saw it; current is how it stands.
func Stale(current any) *Error {
	return &Error{
		Kind: KindStale, Code: "version_stale", Current: current,
		Sentence: "Somebody changed this since you opened it. Look at the current version and try again.",
	}
}

// TooLarge says that a body or a part of it is over its limit.
func TooLarge(code, sentence string, fields ...Field) *Error {
	return &Error{Kind: KindTooLarge, Code: code, Sentence: sentence, Fields: fields}
}

// TooMany says that the caller has to slow down.
func TooMany(code, sentence string, seconds int) *Error {
	return &Error{Kind: KindTooMany, Code: code, Sentence: sentence, RetryAfter: seconds}
}

// Unavailable says that an engine doesn't answer now; nothing was lost and a later try may pass.
func Unavailable(code, sentence string, cause error) *Error {
	return &Error{Kind: KindUnavailable, Code: code, Sentence: sentence, RetryAfter: 2, cause: cause}
}

// KindOf gives the kind of the first *Error in the chain, KindInternal if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}
