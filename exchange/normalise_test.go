package exchange_test

import (
	"strings"
	"testing"

	"feltbog/exchange"
	"feltbog/models"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"leaves plain text as it is", "Blåbær og\tæbler\n", "Blåbær og\tæbler\n"},
		{"makes every line end a newline", "a\r\nb\rc\u0085d\u2028e\u2029f\n\r", "a\nb\nc\nd\ne\nf\n\n"},
		{"drops the byte order mark", "\ufeffHavnsø", "Havnsø"},
		{"drops soft hyphens", "data\u00adgrund\u00adlag", "datagrundlag"},
		{"drops control characters but tab and newline", "a\x01b\x7fc\u009bd\te\x0cf", "abcd\tef"},
		{"composes letters and accents", "A\u030arhus e\u0301", "Århus é"},
		{"composes across what it drops", "A\u00ad\u030arhus e\x01\u0301", "Århus é"},
		{"keeps joiners and direction marks", "👩\u200d💻 \u200fא", "👩\u200d💻 \u200fא"},
		{"keeps ligatures, which are no composition", "ﬁn", "ﬁn"},
		{"keeps the empty text", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := exchange.Normalise(c.text)
			if err != nil || got != c.want {
				t.Errorf("Normalise(%q) = %q, %v; want %q", c.text, got, err, c.want)
			}
		})
	}
}

func TestNormaliseRefuses(t *testing.T) {
	t.Parallel()
	t.Run("bytes that are not UTF-8", func(t *testing.T) {
		t.Parallel()
		for _, s := range []string{"\xff", "a\xc3", "\xed\xa0\x80"} {
			_, err := exchange.Normalise(s)
			wantCode(t, err, models.KindInvalid, "text_not_utf8")
		}
	})
	t.Run("NUL", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.Normalise("a\x00b")
		wantCode(t, err, models.KindInvalid, "text_binary")
	})
	t.Run("one code point too many", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.Normalise(strings.Repeat("ø", models.MaxTextLength+1))
		e := wantCode(t, err, models.KindTooLarge, "text_too_long")
		if !strings.Contains(e.Sentence, "2000000") || !strings.Contains(e.Sentence, "2000001") {
			t.Errorf("the sentence doesn't name both lengths: %s", e.Sentence)
		}
	})
	t.Run("a text so long that it isn't composed first", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.Normalise(strings.Repeat("a", 4*models.MaxTextLength+1))
		wantCode(t, err, models.KindTooLarge, "text_too_long")
	})
	t.Run("not a text that is short enough once it is composed", func(t *testing.T) {
		t.Parallel()
		got, err := exchange.Normalise(strings.Repeat("A\u030a\r\n", models.MaxTextLength/2))
		if err != nil || length(got) != models.MaxTextLength {
			t.Errorf("got %d code points, %v", length(got), err)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{
		"", "a\r\nb", "e\u00ad\u0301", "\u1100\u1161\u11a8", "\u0958\u0344", "a" + strings.Repeat("\u0301", 40), "\r\x01\n", "\ufeff\ufeff",
		"a\u0315\u0300\u05ae\u0062", "\u03b1\u0313\u0300\u0345",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := exchange.Normalise(s)
		if err != nil {
			return
		}
		twice, err := exchange.Normalise(once)
		if err != nil || twice != once {
			t.Errorf("%q becomes %q and then %q, %v", s, once, twice, err)
		}
		if strings.ContainsAny(once, "\r\u00ad\ufeff\u0085\u2028\u2029") {
			t.Errorf("%q becomes %q", s, once)
		}
	})
}
