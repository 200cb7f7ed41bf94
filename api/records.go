package api

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// Many use cases have one of these three forms, and their handlers are these three functions. The
// name is of the parameter in the path that holds the record's id.

// showRecord asks for one record and answers it.
func showRecord[R models.Record](c *gin.Context, name string,
	ask func(ctx context.Context, actor models.Actor, space, id models.ID) (R, error),
) error {
	r, err := ask(c.Request.Context(), actor(c), space(c), id(c, name))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, r)
}

// changeRecord reads which version was seen and what is to be changed of it, asks for that and
// answers the record as it is then.
func changeRecord[F any, R models.Record](c *gin.Context, name string,
	ask func(ctx context.Context, actor models.Actor, space, id models.ID, seen int, fields F) (R, error),
) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[F](c)
	if err != nil {
		return err
	}
	r, err := ask(c.Request.Context(), actor(c), space(c), id(c, name), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, r)
}

// deleteRecord reads which version was seen, if the client cares, and asks for the record to go.
func deleteRecord(c *gin.Context, name string,
	ask func(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error,
) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	if err := ask(c.Request.Context(), actor(c), space(c), id(c, name), version); err != nil {
		return err
	}
	return answerNothing(c)
}
