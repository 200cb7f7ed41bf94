package models

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanName cleans a required name or title: trimmed, one line, at most MaxName code points.
func CleanName(v *string, pointer string) error {
	if err := CleanLabel(v, pointer); err != nil {
		return err
	}
	if *v == "" {
		return Invalid("name_missing", "A name is needed here.", Field{Pointer: pointer, Problem: "missing"})
	}
	return nil
}

// CleanLabel cleans a name that may be missing.
func CleanLabel(v *string, pointer string) error {
	*v = strings.TrimSpace(*v)
	if utf8.RuneCountInString(*v) > MaxName {
		return Invalid("name_too_long", fmt.Sprintf("A name may have %d characters.", MaxName),
			Field{Pointer: pointer, Problem: "too long"})
	}
	if strings.ContainsFunc(*v, unicode.IsControl) || !utf8.ValidString(*v) {
		return Invalid("name_control_character", "A name can't have line breaks or control characters.",
			Field{Pointer: pointer, Problem: "control character"})
	}
	return nil
}

// CleanProse cleans a longer text: at most MaxProse code points, no control characters but tab and newline.
func CleanProse(v *string, pointer string) error { return CleanText(v, MaxProse, pointer) }

// CleanText is CleanProse of at most so many code points.
func CleanText(v *string, most int, pointer string) error {
	*v = strings.TrimSpace(strings.ReplaceAll(*v, "\r\n", "\n"))
	if utf8.RuneCountInString(*v) > most {
		return Invalid("prose_too_long", fmt.Sprintf("This may have %d characters.", most),
			Field{Pointer: pointer, Problem: "too long"})
	}
	if strings.ContainsFunc(*v, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return Invalid("prose_control_character", "This can't have control characters.",
			Field{Pointer: pointer, Problem: "control character"})
	}
	return nil
}

// OneOf refuses a value that is not in a list of words.
func OneOf[T ~string](v T, all []T, code, pointer string) error {
	if slices.Contains(all, v) {
		return nil
	}
	list := make([]string, len(all))
	for i, a := range all {
		list[i] = string(a)
	}
	return Invalid(code, "This is one of: "+strings.Join(list, ", ")+".", Field{Pointer: pointer, Problem: "not one of the known words"})
}

// First gives the first error that is not nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Within refuses a number that isn't from least to most.
func Within(v, least, most int, pointer string) error {
	if v >= least && v <= most {
		return nil
	}
	return Invalid("number_out_of_range", fmt.Sprintf("This is a number from %d to %d.", least, most), Field{Pointer: pointer, Problem: "out of range"})
}
