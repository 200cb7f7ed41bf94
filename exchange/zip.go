package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// Bounds of an archive.
const (
	maxArchiveEntries = 10_000
	maxArchiveBytes   = 500 << 20 // of all its files together, unpacked
	maxArchiveRatio   = 200       // unpacked bytes for a byte of the archive; texts come to ten
	freeArchiveBytes  = 20 << 20  // unpacked bytes that no archive is refused for
	maxDirectory      = 200_000   // entries that the directory of any archive may have before it is read into memory
)

// Unpack gives the files of an archive one by one, by their paths within it, with slashes between folders. A path
// may come twice. Folders, hidden files and what operating systems put beside files are passed over. Files that
// are encrypted, too large, damaged, archives themselves, or that have a path out of the archive are left out
// and named in the warnings.
//
// It returns the error of each, and Invalid errors for an archive that is cut off or damaged
// (file_damaged), with more entries or files than there may be (archive_too_many), that unpacks to more
// bytes than there may be (archive_too_large), whose files are all encrypted (file_protected), and without files
// (archive_empty).
func Unpack(data []byte, each func(path string, data []byte) error) ([]Warning, error) {
	if bytes.Count(data, []byte("PK\x01\x02")) > maxDirectory {
		return nil, archiveTooMany()
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, models.Invalid("file_damaged", "This archive is damaged or was cut off. Make it again, or upload its files by themselves.")
	}
	if len(z.File) > maxArchiveEntries {
		return nil, archiveTooMany()
	}
	u := unpacker{each: each, most: min(maxArchiveBytes, freeArchiveBytes+maxArchiveRatio*int64(len(data)))}
	entries := u.choose(z.File)
	if len(entries) > models.MaxUploadFiles {
		return nil, archiveTooMany()
	}
	if u.declared > u.most {
		return nil, archiveTooLarge()
	}
	for _, e := range entries {
		if err := u.unpack(e); err != nil {
			return nil, err
		}
	}
	if u.given == 0 {
		if len(u.left[leftEncrypted]) > 0 && u.leftOut == len(u.left[leftEncrypted]) {
			return nil, models.Invalid("file_protected", "The files of this archive are protected by a password. Make an archive without one.")
		}
		if u.leftOut == 0 {
			return nil, models.Invalid("archive_empty", "There are no files in this archive.")
		}
	}
	return u.warnings(), nil
}

func archiveTooMany() error {
	return models.Invalid("archive_too_many", fmt.Sprintf(
		"An archive may have %d files, and this one has more. Divide it into several.", models.MaxUploadFiles))
}

func archiveTooLarge() error {
	return models.Invalid("archive_too_large", fmt.Sprintf(
		"An archive may come to %d MB when it is unpacked, and this one comes to more. Divide it into several.", maxArchiveBytes>>20))
}

// Why files are left out, by the codes of the warnings.
const (
	leftEncrypted = "archive_encrypted"
	leftNested    = "archive_nested"
	leftPath      = "archive_path"
	leftLarge     = "archive_file_too_large"
	leftDamaged   = "archive_file_damaged"
)

// leftBecause says for each reason, in order, why the files after it are left out.
var leftBecause = []struct{ code, words string }{
	{leftEncrypted, "Protected by a password, and left out: "},
	{leftNested, "Archives within the archive, left out: "},
	{leftPath, "Left out for a path that leads out of the archive: "},
	{leftLarge, fmt.Sprintf("Larger than %d MB, and left out: ", models.MaxUploadBytes>>20)},
	{leftDamaged, "Damaged, or packed in a way that can't be read, and left out: "},
}

// packed is a file of an archive by the path that it is given.
type packed struct {
	path string
	file *zip.File
}

type unpacker struct {
	each     func(path string, data []byte) error
	most     int64 // bytes that may be unpacked
	declared int64 // bytes that the directory names
	unpacked int64
	given    int
	leftOut  int
	left     map[string][]string // paths by the code of the warning
}

// choose finds the files to give, and names those that can be left out by their heads.
func (u *unpacker) choose(files []*zip.File) []packed {
	var chosen []packed
	for _, f := range files {
		name, ok := entryPath(entryName(f))
		switch {
		case strings.HasSuffix(name, "/"), f.FileInfo().IsDir(), isJunk(name):
		case !ok:
			u.leave(leftPath, name)
		case f.Flags&0x41 != 0:
			u.leave(leftEncrypted, name)
		case isArchive(name):
			u.leave(leftNested, name)
		case f.UncompressedSize64 > models.MaxUploadBytes:
			u.leave(leftLarge, name)
		default:
			u.declared += int64(f.UncompressedSize64) //nolint:gosec // it is at most MaxUploadBytes
			chosen = append(chosen, packed{name, f})
		}
	}
	return chosen
}

func (u *unpacker) leave(code, name string) {
	if u.left == nil {
		u.left = map[string][]string{}
	}
	u.left[code] = append(u.left[code], name)
	u.leftOut++
}

// unpack gives one file. Its declared size isn't believed.
func (u *unpacker) unpack(e packed) error {
	r, err := e.file.Open()
	if err != nil {
		u.leave(leftDamaged, e.path)
		return nil
	}
	defer r.Close() //nolint:errcheck // it was read
	var b bytes.Buffer
	b.Grow(int(min(e.file.UncompressedSize64, 1100*e.file.CompressedSize64+bytes.MinRead, models.MaxUploadBytes) + bytes.MinRead)) //nolint:gosec // so bounded
	n, err := io.Copy(&b, io.LimitReader(r, models.MaxUploadBytes+1))
	u.unpacked += n
	switch {
	case u.unpacked > u.most:
		return archiveTooLarge()
	case n > models.MaxUploadBytes:
		u.leave(leftLarge, e.path)
		return nil
	case err != nil:
		u.leave(leftDamaged, e.path)
		return nil
	}
	if format, err := Detect(e.path, b.Bytes()); err == nil && format == FileZIP {
		u.leave(leftNested, e.path)
		return nil
	}
	u.given++
	return u.each(e.path, b.Bytes())
}

// warnings names what was left out, the first few by their paths.
func (u *unpacker) warnings() []Warning {
	const named = 10
	var all []Warning
	for _, reason := range leftBecause {
		paths := u.left[reason.code]
		if len(paths) == 0 {
			continue
		}
		sentence := reason.words + strings.Join(paths[:min(named, len(paths))], ", ")
		if more := len(paths) - named; more > 0 {
			sentence += fmt.Sprintf(" and %d more", more)
		}
		values := inserted(paths[:min(named, len(paths))], len(paths)-named)
		all = append(all, Warning{Code: reason.code, Sentence: sentence + ".", Values: values})
	}
	return all
}

// entryPath makes a path that is safe to show and to keep of an entry's name, and tells whether it stays
// within the archive. That of a folder ends with a slash.
func entryPath(name string) (kept string, ok bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	ok = !strings.HasPrefix(name, "/") && (len(name) < 2 || name[1] != ':')
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			ok = false
		default:
			parts = append(parts, FileName(part))
		}
	}
	kept = norm.NFC.String(path.Join(parts...))
	if strings.HasSuffix(name, "/") || kept == "" {
		kept += "/"
	}
	return kept, ok
}

// isJunk tells what operating systems and programs put beside people's files, and hidden files.
func isJunk(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case strings.HasPrefix(part, "."), strings.HasPrefix(part, "~$"), part == "__MACOSX",
			strings.EqualFold(part, "Thumbs.db"), strings.EqualFold(part, "desktop.ini"):
			return true
		}
	}
	return false
}

func isArchive(name string) bool {
	return slices.Contains([]string{".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".iso", ".cab"},
		strings.ToLower(path.Ext(name)))
}

// entryName gives the name of an entry: as it stands when that is UTF-8, whatever the archive says, else by the
// Unicode name that some programs add to it, else in the encoding in which it reads best.
func entryName(f *zip.File) string {
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	if name := unicodeName(f.Extra); name != "" {
		return name
	}
	return decodeName(f.Name)
}
