package meili_test

import (
	"fmt"
	"strings"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

// TestPages walks through more hits than the engine gives by itself.
func TestPages(t *testing.T) {
	w := newWorldOnce(t)
	bo := w.member("Bo", models.RoleCoder)
	const notes, lines = 12, 100
	for i := range notes {
		var text []string
		for j := range lines {
			text = append(text, fmt.Sprintf("herring %s line %d", strings.Repeat("and ", j%7), j))
		}
		day := models.Date(fmt.Sprintf("2024-%02d-01", i+1))
		w.note(w.owner, fmt.Sprint("note ", i), strings.Join(text, "\n"), func(f *coding.NoteFields) { f.ObservedOn = &day })
	}
	for i := range 25 {
		day := models.Date(fmt.Sprintf("2024-%02d-15", i%12+1))
		w.note(bo, fmt.Sprint("draft ", i), "herring of my own, and and and", draft, func(f *coding.NoteFields) { f.ObservedOn = &day })
	}
	w.settleOnce()

	walk := func(t *testing.T, who models.Actor, r coding.SearchRequest, check func(last, next coding.Hit) bool) int {
		t.Helper()
		seen := map[string]bool{}
		var last *coding.Hit
		n := 0
		for pages := 0; ; pages++ {
			page := w.search(who, r)
			for i := range page.Items {
				h := page.Items[i]
				id := fmt.Sprint(h.NoteID, h.Start)
				if seen[id] {
					t.Fatalf("%s is found twice", id)
				}
				seen[id] = true
				if last != nil && !check(*last, h) {
					t.Fatalf("%+v comes after %+v", h, *last)
				}
				last = &h
				n++
			}
			if page.Total != notes*lines && page.Total != notes*lines+25 {
				t.Fatalf("total %d on page %d", page.Total, pages)
			}
			if r.Cursor = page.Next; r.Cursor == "" {
				if n != page.Total {
					t.Fatalf("%d hits of %d", n, page.Total)
				}
				return n
			}
		}
	}
	anyOrder := func(coding.Hit, coding.Hit) bool { return true }

	t.Run("totals are exact and cursors reach past a thousand hits", func(t *testing.T) {
		if n := walk(t, w.owner, coding.SearchRequest{Q: "herring", Limit: 200}, anyOrder); n != notes*lines {
			t.Errorf("%d hits", n)
		}
	})
	t.Run("one's own hits are among the others, each once", func(t *testing.T) {
		for _, limit := range []int{47, 200} {
			if n := walk(t, bo, coding.SearchRequest{Q: "herring", Limit: limit}, anyOrder); n != notes*lines+25 {
				t.Errorf("%d hits", n)
			}
		}
	})
	t.Run("one's own hits are in order of date among the others", func(t *testing.T) {
		n := walk(t, bo, coding.SearchRequest{Q: "herring", Limit: 61, Order: coding.OrderNewest}, func(last, next coding.Hit) bool { return last.ObservedOn >= next.ObservedOn })
		m := walk(t, bo, coding.SearchRequest{Q: "herring", Limit: 61, Order: coding.OrderOldest}, func(last, next coding.Hit) bool { return last.ObservedOn <= next.ObservedOn })
		if n != notes*lines+25 || m != n {
			t.Errorf("%d and %d hits", n, m)
		}
	})
	t.Run("one's own better hits come first", func(t *testing.T) {
		page := w.search(bo, coding.SearchRequest{Q: `herring "my own"`, Limit: 30})
		if page.Total != 25 || !strings.Contains(page.Items[0].Text, "my own") {
			t.Errorf("found %+v", page)
		}
		page = w.search(bo, coding.SearchRequest{Q: `herring and and and my`, Limit: 30})
		if page.Total != 25 {
			t.Errorf("found %+v", page)
		}
		first := w.search(bo, coding.SearchRequest{Q: "herring of", Limit: 1})
		if !strings.Contains(first.Items[0].Text, "my own") {
			t.Errorf("the first is %q", first.Items[0].Text)
		}
	})
	t.Run("facets count both", func(t *testing.T) {
		if page := w.search(bo, coding.SearchRequest{Q: "herring"}); page.Facets.Kind["fieldNote"] != notes*lines+25 {
			t.Errorf("facets %v", page.Facets.Kind)
		}
		if page := w.search(w.owner, coding.SearchRequest{Q: "herring"}); page.Facets.Kind["fieldNote"] != notes*lines {
			t.Errorf("facets %v", page.Facets.Kind)
		}
	})
	t.Run("the last page has no next", func(t *testing.T) {
		page := w.search(bo, coding.SearchRequest{Q: `"my own"`, Limit: 25})
		if page.Next != "" || len(page.Items) != 25 {
			t.Errorf("%d hits, next %q", len(page.Items), page.Next)
		}
	})
	t.Run("a cursor belongs to its search", func(t *testing.T) {
		r := coding.SearchRequest{Q: "herring", Limit: 10}
		next := w.search(w.owner, r).Next
		for name, other := range map[string]struct {
			who models.Actor
			r   coding.SearchRequest
		}{
			"another query": {w.owner, coding.SearchRequest{Q: "herrings", Limit: 10}}, "another limit": {w.owner, coding.SearchRequest{Q: "herring", Limit: 11}},
			"another filter": {w.owner, coding.SearchRequest{Q: "herring", Limit: 10, From: "2024-01-01"}}, "another order": {w.owner, coding.SearchRequest{Q: "herring", Limit: 10, Order: coding.OrderNewest}},
			"another person": {bo, r},
		} {
			other.r.Cursor = next
			if _, err := w.service.Search(w.ctx, other.who, w.space, other.r); models.KindOf(err) != models.KindMalformed {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, cursor := range []string{"x", "eyJzIjoxMCwibyI6MCwiYiI6IiJ9", next + "x", next[1:], "bnVsbA", strings.Repeat("A", 10_000)} {
			r.Cursor = cursor
			_, err := w.service.Search(w.ctx, w.owner, w.space, r)
			refused(t, err, models.KindMalformed, "cursor_malformed")
		}
		r.Cursor, r.Order = next, coding.OrderRelevance // what was left out may be said
		if page := w.search(w.owner, r); len(page.Items) != 10 {
			t.Errorf("%d hits", len(page.Items))
		}
	})
}
