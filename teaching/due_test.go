package teaching_test

import (
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

func TestDueTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ local, zone, want string }{
		"winter in Copenhagen":                            {"2027-01-15T23:59", "Europe/Copenhagen", "2027-01-15T22:59:00Z"},
		"summer in Copenhagen":                            {"2027-07-15T23:59", "Europe/Copenhagen", "2027-07-15T21:59:00Z"},
		"UTC":                                             {"2027-07-15T12:00", "UTC", "2027-07-15T12:00:00Z"},
		"the last minute before summer time":              {"2027-03-28T01:59", "Europe/Copenhagen", "2027-03-28T00:59:00Z"},
		"the first minute that summer time skips":         {"2027-03-28T02:00", "Europe/Copenhagen", "2027-03-28T01:00:00Z"},
		"a time that summer time skips":                   {"2027-03-28T02:30", "Europe/Copenhagen", "2027-03-28T01:00:00Z"},
		"the last minute that summer time skips":          {"2027-03-28T02:59", "Europe/Copenhagen", "2027-03-28T01:00:00Z"},
		"the first minute of summer time":                 {"2027-03-28T03:00", "Europe/Copenhagen", "2027-03-28T01:00:00Z"},
		"the evening before summer time":                  {"2027-03-27T23:59", "Europe/Copenhagen", "2027-03-27T22:59:00Z"},
		"the evening after":                               {"2027-03-28T23:59", "Europe/Copenhagen", "2027-03-28T21:59:00Z"},
		"the last minute that comes once in autumn":       {"2027-10-31T01:59", "Europe/Copenhagen", "2027-10-30T23:59:00Z"},
		"the first minute that comes twice":               {"2027-10-31T02:00", "Europe/Copenhagen", "2027-10-31T01:00:00Z"},
		"a time that comes twice is the later":            {"2027-10-31T02:30", "Europe/Copenhagen", "2027-10-31T01:30:00Z"},
		"the last minute that comes twice":                {"2027-10-31T02:59", "Europe/Copenhagen", "2027-10-31T01:59:00Z"},
		"the first minute of winter time":                 {"2027-10-31T03:00", "Europe/Copenhagen", "2027-10-31T02:00:00Z"},
		"New York skips an hour two weeks earlier":        {"2027-03-14T02:30", "America/New_York", "2027-03-14T07:00:00Z"},
		"New York repeats an hour":                        {"2027-11-07T01:30", "America/New_York", "2027-11-07T06:30:00Z"},
		"Lord Howe Island skips half an hour":             {"2027-10-03T02:15", "Australia/Lord_Howe", "2027-10-02T15:30:00Z"},
		"Lord Howe Island repeats half an hour":           {"2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T15:15:00Z"},
		"a day that never was":                            {"2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00Z"},
		"the day after it":                                {"2011-12-31T00:30", "Pacific/Apia", "2011-12-30T10:30:00Z"},
		"far in the east":                                 {"2027-01-01T00:00", "Pacific/Kiritimati", "2026-12-31T10:00:00Z"},
		"far in the west":                                 {"2027-01-01T00:00", "Pacific/Midway", "2027-01-01T11:00:00Z"},
		"where summer time is winter time with a minus":   {"2027-07-01T12:00", "Europe/Dublin", "2027-07-01T11:00:00Z"},
		"a quarter of an hour":                            {"2027-07-01T12:00", "Asia/Kathmandu", "2027-07-01T06:15:00Z"},
		"beyond what tables of zones hold, by their rule": {"2050-07-01T12:00", "Europe/Copenhagen", "2050-07-01T10:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := teaching.DueTime(c.local, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			if s := got.Format(time.RFC3339); s != c.want {
				t.Errorf("%s in %s is %s, want %s", c.local, c.zone, s, c.want)
			}
		})
	}
	for _, bad := range []struct{ local, zone, code string }{
		{"", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-29T12:00", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-28T24:00", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-28 12:00", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-28T12:00:00", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-28T12:00Z", "Europe/Copenhagen", "due_malformed"},
		{"0001-01-01T00:00", "Europe/Copenhagen", "due_malformed"},
		{"2027-02-28T12:00", "", "time_zone_unknown"},
		{"2027-02-28T12:00", "Local", "time_zone_unknown"},
		{"2027-02-28T12:00", "Europe/Atlantis", "time_zone_unknown"},
		{"2027-02-28T12:00", "../../etc/passwd", "time_zone_unknown"},
	} {
		if _, err := teaching.DueTime(bad.local, bad.zone); codeOf(err) != bad.code {
			t.Errorf("%q in %q: %v, want %s", bad.local, bad.zone, err, bad.code)
		}
	}
}

// TestDueTimeEveryQuarter compares with the clocks: whatever shows on them is found, at its last time.
func TestDueTimeEveryQuarter(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Copenhagen", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		last := map[string]time.Time{}
		begin := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		for at := begin.Add(-48 * time.Hour); at.Before(begin.AddDate(1, 0, 2)); at = at.Add(15 * time.Minute) {
			last[at.In(place).Format("2006-01-02T15:04")] = at
		}
		for wall := begin; wall.Before(begin.AddDate(1, 0, 0)); wall = wall.Add(15 * time.Minute) {
			local := wall.Format("2006-01-02T15:04")
			got, err := teaching.DueTime(local, zone)
			if err != nil {
				t.Fatal(err)
			}
			if shown, ok := last[local]; ok {
				if !got.Equal(shown) {
					t.Errorf("%s in %s is %s, want %s", local, zone, got, shown.UTC())
				}
				continue
			}
			// It is skipped: the moment before still shows something earlier, and the moment itself something later.
			if before, after := got.Add(-time.Second).In(place).Format("2006-01-02T15:04"), got.In(place).Format("2006-01-02T15:04"); before >= local || after <= local {
				t.Errorf("%s in %s is %s, between %s and %s", local, zone, got, before, after)
			}
		}
	}
}

func TestDueOf(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2027, 3, day, 12, 0, 0, 0, time.UTC) }
	due := at(10)
	e := &models.Exercise{Due: &due, Extensions: []models.Extension{{MemberID: "anna", Due: at(12)}, {MemberID: "bo", Due: at(15)}, {MemberID: "per", Due: at(5)}}}
	for name, c := range map[string]struct {
		members []models.ID
		want    int
	}{
		"a student without an extension":                 {[]models.ID{"ida"}, 10},
		"a student with one":                             {[]models.ID{"anna"}, 12},
		"a group has the latest of its members":          {[]models.ID{"anna", "ida", "bo"}, 15},
		"a due time that was moved beyond the extension": {[]models.ID{"per"}, 10},
		"a group that nobody is in any more":             {nil, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := teaching.DueOf(e, c.members...); got == nil || !got.Equal(at(c.want)) {
				t.Errorf("due %v, want %v", got, at(c.want))
			}
		})
	}
	if got := teaching.DueOf(&models.Exercise{Extensions: e.Extensions}, "anna"); got != nil {
		t.Errorf("without a due time it is due %v", got)
	}
	if got := teaching.DueOf(e, "ida"); got == e.Due {
		t.Error("the exercise's own time was given away")
	}
}
