package teaching

import (
	"time"
	_ "time/tzdata" // a server without a database of time zones

	"feltbog/models"
)

// settleDue says which moment an exercise is due.
func settleDue(e *models.Exercise) error {
	e.Due = nil
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil || e.TimeZone == "" || e.TimeZone == "Local" {
		return models.Invalid("time_zone_unknown", "A time zone is named as in Europe/Copenhagen.", models.Field{Pointer: "/timeZone", Problem: "unknown"})
	}
	if e.DueAt == "" {
		return nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", e.DueAt, zone)
	if err != nil {
		return models.Invalid("due_malformed", "A due time is written as in 2027-03-01T23:59.", models.Field{Pointer: "/dueAt", Problem: "malformed"})
	}
	at = at.UTC()
	e.Due = &at
	return nil
}
