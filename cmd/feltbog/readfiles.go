package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"feltbog/config"
	"feltbog/sandbox"
)

// readFilesCommand is what the server starts to have files read apart from itself; see package sandbox.
type readFilesCommand struct{}

// Run reads the files that the server sends.
func (*readFilesCommand) Run(*world) error {
	answers := os.Stdout
	os.Stdout = os.Stderr // nothing but answers goes to the server
	return sandbox.Serve(os.Stdin, answers, sandbox.Exchange())
}

// readers makes the pool of processes that read files.
func readers(ctx context.Context, c config.Config, log *slog.Logger) (*sandbox.Pool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program, which reads files: %w", err)
	}
	program, err := pdfToText(c)
	if err != nil {
		return nil, err
	}
	if program == "" {
		log.InfoContext(ctx, "PDFs are refused: there is no pdftotext, which the package poppler-utils brings")
	}
	return sandbox.New(sandbox.Config{Command: []string{self, "read-files"}, PDFToText: program, Log: log}), nil
}

// pdfToText finds the program that reads PDFs. There need be none, unless the settings name it.
func pdfToText(c config.Config) (string, error) {
	found, err := exec.LookPath(cmp.Or(c.PDFToText, "pdftotext"))
	if err == nil {
		return filepath.Abs(found) // it is started in another folder
	}
	if c.PDFToText != "" {
		return "", fmt.Errorf("FELTBOG_PDFTOTEXT names no program: %w", err)
	}
	return "", nil // there need be none
}
