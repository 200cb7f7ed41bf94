package mongodb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/auth"
	"feltbog/models"
)

var _ auth.Store = (*DB)(nil)

// The documents of the collection settings.
const (
	serverSecret = "serverSecret" // the secret that all processes share
	firstAccount = "firstAccount" // who made the first account; all who count administrators meet here
)

func (d *DB) users() *mongo.Collection    { return d.db.Collection("users") }
func (d *DB) sessions() *mongo.Collection { return d.db.Collection("sessions") }
func (d *DB) settings() *mongo.Collection { return d.db.Collection("settings") }

func byID[T ~string](id T) bson.D { return bson.D{{Key: "_id", Value: id}} }

// ServerSecret gives the 32 random bytes that all processes on this database share, and makes them
// when they are asked for first.
func (d *DB) ServerSecret(ctx context.Context) ([]byte, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh) // never fails, says its documentation
	var kept struct {
		Secret []byte `json:"secret"`
	}
	err := d.settings().FindOneAndUpdate(ctx, byID(serverSecret), bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "secret", Value: fresh}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&kept)
	if err != nil {
		return nil, fmt.Errorf("the server's secret: %w", translate(err))
	}
	return kept.Secret, nil
}

// User finds an account.
func (d *DB) User(ctx context.Context, id models.ID) (*models.User, error) {
	return account(d.users().FindOne(ctx, byID(id)))
}

// UserByEmail finds the account with an address, written in whatever case.
func (d *DB) UserByEmail(ctx context.Context, email string) (*models.User, error) {
	return account(d.users().FindOne(ctx, bson.D{{Key: "emailKey", Value: auth.EmailKey(email)}}))
}

func account(found *mongo.SingleResult) (*models.User, error) {
	return decoded[models.User](found, models.NounAccount)
}

// decoded reads the one document that was asked for.
func decoded[T any](found *mongo.SingleResult, noun models.Noun) (*T, error) {
	var out T
	err := found.Decode(&out)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound(noun)
	}
	if err != nil {
		return nil, translate(err)
	}
	return &out, nil
}

// Users gives those of the accounts that exist.
func (d *DB) Users(ctx context.Context, ids []models.ID) (map[models.ID]*models.User, error) {
	found, err := find[*models.User](ctx, d.users(), bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	out := make(map[models.ID]*models.User, len(found))
	for _, u := range found {
		out[u.ID] = u
	}
	return out, err
}

// ListUsers gives accounts without personas, by their e-mail.
func (d *DB) ListUsers(ctx context.Context, after string, limit int) ([]*models.User, error) {
	return find[*models.User](ctx, d.users(),
		bson.D{{Key: "emailKey", Value: bson.D{{Key: "$gt", Value: after}}}, {Key: "persona", Value: false}},
		options.Find().SetSort(asc("emailKey")).SetLimit(int64(limit)))
}

// InsertUser adds an account.
func (d *DB) InsertUser(ctx context.Context, u *models.User) error {
	_, err := d.users().InsertOne(ctx, u)
	return translate(err)
}

// UpdateUser writes what may change of an account whose version in the store is still seen.
func (d *DB) UpdateUser(ctx context.Context, u *models.User, seen int) error {
	result, err := d.users().UpdateOne(ctx, append(byID(u.ID), bson.E{Key: "version", Value: seen}), bson.D{{Key: "$set", Value: bson.D{
		{Key: "email", Value: u.Email},
		{Key: "emailKey", Value: u.EmailKey},
		{Key: "name", Value: u.Name},
		{Key: "language", Value: u.Language},
		{Key: "showPresence", Value: u.ShowPresence},
		{Key: "passwordHash", Value: u.PasswordHash},
		{Key: "version", Value: u.Version},
		{Key: "updatedAt", Value: u.UpdatedAt},
	}}})
	if err != nil || result.MatchedCount == 1 {
		return translate(err)
	}
	current, err := d.User(ctx, u.ID)
	if err != nil {
		return err
	}
	return models.Stale(current)
}

// TouchUser notes a sign-in with a password whose hash is still verified, and replaces that by hash.
// The count makes each sign-in a write, so that it meets a change of the password.
func (d *DB) TouchUser(ctx context.Context, id models.ID, verified, hash string) error {
	result, err := d.users().UpdateOne(ctx, append(byID(id), bson.E{Key: "passwordHash", Value: verified}), bson.D{
		{Key: "$set", Value: bson.D{{Key: "passwordHash", Value: hash}}},
		{Key: "$inc", Value: bson.D{{Key: "signIns", Value: 1}}},
	})
	if err == nil && result.MatchedCount == 0 {
		return models.NotFound(models.NounAccount)
	}
	return translate(err)
}

// DeleteUser removes an account.
func (d *DB) DeleteUser(ctx context.Context, id models.ID) error {
	result, err := d.users().DeleteOne(ctx, byID(id))
	if err == nil && result.DeletedCount == 0 {
		return models.NotFound(models.NounAccount)
	}
	return translate(err)
}

// FirstAccountExists says whether the first account has been made, ever.
func (d *DB) FirstAccountExists(ctx context.Context) (bool, error) {
	n, err := d.settings().CountDocuments(ctx, byID(firstAccount), options.Count().SetLimit(1))
	return n == 1, translate(err)
}

// ClaimFirstAccount says whether id is the first account. Two transactions that claim at once meet in
// one document: one of them begins again, and finds it taken.
func (d *DB) ClaimFirstAccount(ctx context.Context, id models.ID) (bool, error) {
	taken, err := d.FirstAccountExists(ctx)
	if err != nil || taken {
		return false, err
	}
	_, err = d.settings().InsertOne(ctx, append(byID(firstAccount), bson.E{Key: "userId", Value: id}))
	return err == nil, translate(err)
}

// OtherAdministrator says whether somebody beside id is an administrator. All who ask in a
// transaction write one document, so that two administrators can't both leave on the other's account.
func (d *DB) OtherAdministrator(ctx context.Context, id models.ID) (bool, error) {
	_, err := d.settings().UpdateOne(ctx, byID(firstAccount), bson.D{{Key: "$inc", Value: bson.D{{Key: "asked", Value: 1}}}})
	if err != nil {
		return false, translate(err)
	}
	n, err := d.users().CountDocuments(ctx, bson.D{{Key: "admin", Value: true}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: id}}}}, options.Count().SetLimit(1))
	return n > 0, translate(err)
}

// session is a session as it is kept. Whether its owner is an administrator never changes, so it
// stands here too and a request needs one look-up.
type session struct {
	models.Session `bson:",inline"`
	Admin          bool `json:"admin"`
}

// InsertSession keeps a session.
func (d *DB) InsertSession(ctx context.Context, s *models.Session, admin bool) error {
	_, err := d.sessions().InsertOne(ctx, session{*s, admin})
	return translate(err)
}

// Session finds a session, live or not.
func (d *DB) Session(ctx context.Context, id models.ID) (*models.Session, error) {
	return decoded[models.Session](d.sessions().FindOne(ctx, byID(id)), "session")
}

var actorFields = bson.D{{Key: "userId", Value: 1}, {Key: "admin", Value: 1}, {Key: "expiresAt", Value: 1}}

// SessionActor gives whose session it is if it is live at a time. The filter is the id alone, which
// the engine answers without planning.
func (d *DB) SessionActor(ctx context.Context, id models.ID, at time.Time) (models.Actor, error) {
	found, err := decoded[session](d.sessions().FindOne(ctx, byID(id), options.FindOne().SetProjection(actorFields)), "session")
	if err != nil {
		return models.Actor{}, err
	}
	if !found.ExpiresAt.After(at) { // the engine removes expired ones once a minute
		return models.Actor{}, models.NotFound("session")
	}
	return models.Actor{UserID: found.UserID, SessionID: found.ID, Admin: found.Admin}, nil
}

// Sessions lists an account's sessions that are live at a time, the last used first.
func (d *DB) Sessions(ctx context.Context, user models.ID, at time.Time) ([]*models.Session, error) {
	return find[*models.Session](ctx, d.sessions(),
		bson.D{{Key: "userId", Value: user}, {Key: "expiresAt", Value: bson.D{{Key: "$gt", Value: at}}}},
		options.Find().SetSort(asc("-usedAt", "-_id")))
}

// RotateSession writes a session's hashes and times if its refresh hash is still seen.
func (d *DB) RotateSession(ctx context.Context, s *models.Session, seen string) (bool, error) {
	result, err := d.sessions().UpdateOne(ctx, append(byID(s.ID), bson.E{Key: "refreshHash", Value: seen}), bson.D{{Key: "$set", Value: bson.D{
		{Key: "refreshHash", Value: s.RefreshHash},
		{Key: "previousHash", Value: s.PreviousHash},
		{Key: "rotatedAt", Value: s.RotatedAt},
		{Key: "usedAt", Value: s.UsedAt},
		{Key: "expiresAt", Value: s.ExpiresAt},
	}}})
	if err != nil {
		return false, translate(err)
	}
	return result.MatchedCount == 1, nil
}

// DeleteSessions forgets sessions of an account, all of them if ids is nil, and gives those that were there.
func (d *DB) DeleteSessions(ctx context.Context, user models.ID, ids []models.ID) ([]models.ID, error) {
	return d.forget(ctx, d.sessions(), user, ids)
}

// forget removes what speaks for an account, all of it if ids is nil, and gives the ids of what was there.
func (d *DB) forget(ctx context.Context, c *mongo.Collection, user models.ID, ids []models.ID) ([]models.ID, error) {
	filter := bson.D{{Key: "userId", Value: user}}
	if ids != nil {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}})
	}
	there, err := d.ids(ctx, c, filter)
	if err != nil || len(there) == 0 {
		return nil, err
	}
	_, err = c.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: there}}}})
	return there, translate(err)
}
