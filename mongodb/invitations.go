package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/models"
)

// InvitationBySecret finds an invitation by the hash of what its link carries.
func (d *DB) InvitationBySecret(ctx context.Context, hash string) (*models.Invitation, error) {
	return d.invitations.one(ctx, bson.D{{Key: "secretHash", Value: hash}})
}

// OpenInvitations counts the invitations of a space that can be used at a time.
func (d *DB) OpenInvitations(ctx context.Context, space models.ID, at time.Time) (int, error) {
	n, err := d.invitations.c.CountDocuments(ctx, bson.D{
		{Key: "spaceId", Value: space},
		{Key: "withdrawnAt", Value: nil},
		{Key: "expiresAt", Value: bson.D{{Key: "$gt", Value: at}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: "maxUses", Value: 0}},
			bson.D{{Key: "$expr", Value: bson.D{{Key: "$lt", Value: bson.A{"$uses", "$maxUses"}}}}},
		}},
	})
	return int(n), translate(err)
}

// WithdrawInvitations withdraws what somebody invited to in a space.
func (d *DB) WithdrawInvitations(ctx context.Context, space, by models.ID, at time.Time) error {
	_, err := d.invitations.c.UpdateMany(ctx,
		bson.D{{Key: "spaceId", Value: space}, {Key: "createdBy", Value: by}, {Key: "withdrawnAt", Value: nil}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "withdrawnAt", Value: at}, {Key: "updatedAt", Value: at}}},
			{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
		})
	return translate(err)
}

// ForgetInvited takes an address out of all invitations.
func (d *DB) ForgetInvited(ctx context.Context, email string) error {
	_, err := d.invitations.c.UpdateMany(ctx, bson.D{{Key: "emailKey", Value: models.EmailKey(email)}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "email", Value: ""}, {Key: "emailKey", Value: ""}}}})
	return translate(err)
}
