package coding

import (
	"context"
	"errors"

	"feltbog/models"
)

// Position is a place in the stream of all events. Later positions sort after earlier ones as
// strings; the empty position stands before the stream. What else is in it is the store's business.
type Position string

// Change is one event as it came to pass, and its place in the stream.
type Change struct {
	Position Position
	Event    models.Event
}

// Changes is an open stream of events, of all spaces, in the order in which they came to pass. It is
// for one goroutine.
type Changes interface {
	// Next waits for an event and gives all that are there at once.
	Next(ctx context.Context) ([]Change, error)
	// Poll is Next that gives up after a moment without an event: then it gives none.
	Poll(ctx context.Context) ([]Change, error)
	// Position is where the stream stands: to go on from there misses nothing after the events given
	// so far. It also moves on while there are no events.
	Position() Position
	Close(ctx context.Context) error
}

// UploadChange tells how far an upload has come.
type UploadChange struct {
	ID       models.ID          `json:"id"       bson:"_id"`
	SpaceID  models.ID          `json:"-"        bson:"spaceId"`
	AuthorID models.ID          `json:"-"        bson:"authorId"`
	State    models.UploadState `json:"state"`
	Received int64              `json:"received"`
}

// ErrPositionLost says that the stream can't go on from a position, because the store has forgotten
// that time or never knew it. Whoever followed the stream must begin anew.
var ErrPositionLost = errors.New("the stream can't go on from this position")

// IndexState is how far the search index has followed the events. The indexer keeps it in the store.
type IndexState struct {
	Position Position  `json:"position"` // what came before is in the index
	EventID  models.ID `json:"eventId"`  // the latest event that is, by id
	// Engine names the engine's data, which holds the same name: where the two differ, the index was lost.
	Engine string `json:"engine"`
}

// IndexEntry is an index that was made: of a space, or of what its owner alone may find there.
type IndexEntry struct {
	UID      string    `json:"uid"      bson:"_id"`
	SpaceID  models.ID `json:"spaceId"`
	OwnerID  models.ID `json:"ownerId"`
	Settings int       `json:"settings"` // the version of its settings and documents
}
