package coding

import (
	"context"
	"time"

	"feltbog/models"
)

// ActivityWeeks is how many weeks of work an activity tells of.
const ActivityWeeks = 26

// activityPeople is how many members an activity names.
const activityPeople = 5

// Activity is what has been going on in a project, as far as one member may know of it.
type Activity struct {
	Notes   int `json:"notes"`
	Codings int `json:"codings"` // of the open layer
	Members int `json:"members"`
	// People are the first few members, owners first.
	People []Person `json:"people"`
	// Weeks counts the changes that every member may know of, in weeks of seven days that end now, the oldest first.
	Weeks []int `json:"weeks"`
	// Last is the newest change, missing in a project whose history was purged.
	Last *LastChange `json:"last,omitempty"`
}

// Person is somebody by the name that the project tells of them.
type Person struct {
	UserID models.ID `json:"userId"`
	Name   string    `json:"name"`
}

// LastChange is who changed something last, and when.
type LastChange struct {
	Person
	At time.Time `json:"at"`
}

// Activity tells what has been going on in a project. Drafts and private memos of others don't show in it.
func (s *Service) Activity(ctx context.Context, actor models.Actor, space models.ID) (*Activity, error) {
	members, err := s.Members(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	out := &Activity{Members: len(members), People: []Person{}}
	for _, m := range members[:min(len(members), activityPeople)] {
		out.People = append(out.People, Person{m.UserID, m.Name})
	}
	notes, err := s.store.NoteIDs(ctx, space, Query{Viewer: actor.Viewer()})
	if err != nil {
		return nil, err
	}
	out.Notes = len(notes)
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	if out.Codings, err = s.store.CountCodings(ctx, space, v.within(models.LayerOpen)); err != nil {
		return nil, err
	}
	if out.Weeks, err = s.store.EventsBetween(ctx, space, weeksUntil(s.clock())); err != nil {
		return nil, err
	}
	out.Last, err = s.lastChange(ctx, v, space)
	return out, err
}

// weeksUntil gives the bounds of the weeks that end at a time.
func weeksUntil(now time.Time) []time.Time {
	bounds := make([]time.Time, ActivityWeeks+1)
	for i := range bounds {
		bounds[i] = now.AddDate(0, 0, 7*(i-ActivityWeeks))
	}
	bounds[ActivityWeeks] = now.Add(time.Minute) // what another machine's clock dates a little later
	return bounds
}

func (s *Service) lastChange(ctx context.Context, v sight, space models.ID) (*LastChange, error) {
	events, err := s.store.Events(ctx, space, v.events(EventQuery{}), models.Page{Limit: 1})
	if err != nil || len(events.Items) == 0 {
		return nil, err
	}
	e := events.Items[0]
	last := &LastChange{Person: Person{UserID: e.ActorID}, At: e.At}
	names, err := s.called(ctx, space, []models.ID{e.ActorID})
	last.Name = names[e.ActorID]
	return last, err
}
