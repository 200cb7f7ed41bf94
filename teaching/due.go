package teaching

import (
	"slices"
	"time"
	_ "time/tzdata" // so that the zones are known wherever the program runs

	"feltbog/models"
)

// dueForm is how a due time is written: a local time without its zone.
const dueForm = "2006-01-02T15:04"

// DueTime gives the moment that a local time, YYYY-MM-DDTHH:MM, means in a time zone of the IANA database.
// A time that comes twice, when summer time ends, means the later one; one that never comes, when it begins,
// the first moment after the gap. It returns Invalid (due_malformed, time_zone_unknown).
func DueTime(local, zone string) (time.Time, error) {
	wall, err := time.Parse(dueForm, local)
	if err != nil || len(local) != len(dueForm) || wall.Year() < 1970 {
		return time.Time{}, models.Invalid("due_malformed", "A due time is written YYYY-MM-DDTHH:MM.", models.Field{Pointer: "/dueAt", Problem: "malformed"})
	}
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return time.Time{}, models.Invalid("time_zone_unknown", "A time zone is named as in Europe/Copenhagen.", models.Field{Pointer: "/timeZone", Problem: "unknown"})
	}
	return moment(wall, place).UTC(), nil
}

// moment finds when the clocks of a place show what wall shows. No zone is more than 26 hours from UTC, so
// it looks at each span of one offset that many hours before and after.
func moment(wall time.Time, place *time.Location) time.Time {
	const most = 26 * time.Hour
	var last, gap time.Time
	for at := wall.Add(-most); at.Before(wall.Add(most)); {
		begins, ends := at.In(place).ZoneBounds()
		_, offset := at.In(place).Zone()
		then := wall.Add(-time.Duration(offset) * time.Second)
		switch {
		case !begins.IsZero() && then.Before(begins): // the clocks of this span are past it already
			if gap.IsZero() {
				gap = begins
			}
		case ends.IsZero() || then.Before(ends):
			last = then
		}
		if ends.IsZero() {
			break
		}
		at = ends
	}
	if last.IsZero() {
		return gap
	}
	return last
}

// DueOf gives when work on an exercise is due for these members of the course, who do it together: the
// latest of its due time and of their extensions. Nil where the exercise has no due time.
func DueOf(e *models.Exercise, members ...models.ID) *time.Time {
	if e.Due == nil {
		return nil
	}
	due := *e.Due
	for _, x := range e.Extensions {
		if slices.Contains(members, x.MemberID) && x.Due.After(due) {
			due = x.Due
		}
	}
	return &due
}
