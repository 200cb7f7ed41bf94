package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// Route is one operation of the API.
type Route struct {
	Method, Path string
	// Who may use it: members whose role allows this action, or one of the words below. The use cases
	// hold members to it; it stands here so that one table tells all, and a test compares the two.
	Who    models.Action
	handle func(s *server, c *gin.Context) error
	takes  body
}

// Those who may use a route that asks for no single right of a member.
const (
	Anybody       models.Action = "anybody"
	SignedIn      models.Action = "signed in"
	Administrator models.Action = "administrator"
	// Entitled are members with the right that the record at hand asks for.
	Entitled models.Action = "entitled"
)

// body is what the body of a request may be.
type body struct {
	limit int64 // bytes
	// any lets it be something else than JSON.
	any bool
	// slow leaves the reading to the handler, and takes as long as it takes.
	slow bool
}

// The bodies that routes take (docs/architecture.md repeats the limits for people).
var (
	nothing     = body{}
	record      = body{limit: 1 << 20}
	batch       = body{limit: 8 << 20}
	words       = body{limit: 16 << 20} // where a note's text is in it
	table       = body{limit: 8 << 20, any: true}
	uploads     = body{limit: 2 << 30, any: true, slow: true}
	attachments = body{limit: models.MaxUploadBytes + 1<<20, any: true, slow: true}
	endless     = body{slow: true}
)

// The routes that stay open.
const (
	streamRoute       = v1 + "/projects/:project/stream"
	classStreamRoute  = v1 + "/exercises/:exercise/stream"
	courseStreamRoute = v1 + "/courses/:course/stream"
)

// v1 begins the address of every operation.
const v1 = "/api/v1"

// Routes lists the whole API: method, path, who may, what answers, what body it takes. Those of teaching
// stand beside their handlers.
func Routes() []Route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		head                       = http.MethodHead

		p = v1 + "/projects/:project"

		read, notes, changeNotes = models.ActionRead, models.ActionAddNotes, models.ActionChangeNotes
		sites, people, members   = models.ActionChangeSites, models.ActionChangeParticipant, models.ActionChangeMembers
		codebook, code           = models.ActionChangeCodebook, models.ActionCode
		memos, links             = models.ActionWriteMemos, models.ActionLink
		comments                 = models.ActionWriteComments
		rounds                   = models.ActionManageRounds
	)
	type s = server
	routes := []Route{
		{post, v1 + "/auth/sign-up", Anybody, (*s).signUp, record},
		{post, v1 + "/auth/sign-in", Anybody, (*s).signIn, record},
		{post, v1 + "/auth/refresh", Anybody, (*s).refresh, nothing},
		{post, v1 + "/auth/sign-out", Anybody, (*s).signOut, nothing},
		{get, v1 + "/auth/options", Anybody, (*s).showEntry, nothing},
		{post, v1 + "/auth/forgot-password", Anybody, (*s).forgotPassword, record},
		{post, v1 + "/auth/reset-password", Anybody, (*s).resetPassword, record},
		{post, v1 + "/invitations/look", Anybody, (*s).lookInvitation, record},
		{post, v1 + "/invitations/accept", SignedIn, (*s).acceptInvitation, record},
		{get, v1 + "/me", SignedIn, (*s).showMe, nothing},
		{patch, v1 + "/me", SignedIn, (*s).changeMe, record},
		{del, v1 + "/me", SignedIn, (*s).deleteMe, record},
		{put, v1 + "/me/password", SignedIn, (*s).changePassword, record},
		{put, v1 + "/me/email", SignedIn, (*s).changeEmail, record},
		{get, v1 + "/me/inbox", SignedIn, (*s).showInbox, nothing},
		{post, v1 + "/me/inbox/read", SignedIn, (*s).readInbox, record},
		{get, v1 + "/me/sessions", SignedIn, (*s).listSessions, nothing},
		{del, v1 + "/me/sessions", SignedIn, (*s).endOtherSessions, nothing},
		{del, v1 + "/me/sessions/:session", SignedIn, (*s).endSession, nothing},
		{get, v1 + "/me/tokens", SignedIn, (*s).listTokens, nothing},
		{post, v1 + "/me/tokens", SignedIn, (*s).makeToken, record},
		{del, v1 + "/me/tokens/:token", SignedIn, (*s).endToken, nothing},
		{post, v1 + "/me/demo", SignedIn, (*s).makeDemo, endless},
		{get, v1 + "/users", Administrator, (*s).listUsers, nothing},
		{post, v1 + "/users", Administrator, (*s).createUser, record},
		{post, v1 + "/users/:user/reset-link", Administrator, (*s).makeResetLink, nothing},
		{get, v1 + "/codebook-templates", SignedIn, (*s).listTemplates, nothing},
		{get, v1 + "/codebook-templates/:key", SignedIn, (*s).showTemplate, nothing},
		{get, v1 + "/files/:token", Anybody, (*s).sendFile, endless},

		{get, v1 + "/projects", SignedIn, (*s).listProjects, nothing},
		{post, v1 + "/projects", SignedIn, (*s).createProject, record},
		{get, p, read, (*s).showProject, nothing},
		{patch, p, models.ActionChangeProject, (*s).changeProject, record},
		{del, p, models.ActionDeleteProject, (*s).deleteProject, nothing},
		{post, p + "/restore", models.ActionDeleteProject, (*s).restoreProject, nothing},
		{post, p + "/purge", models.ActionPurge, (*s).purgeProject, nothing},
		{post, p + "/copy", read, (*s).copyProject, record},
		{put, p + "/attributes", models.ActionChangeAttributes, (*s).setAttributes, record},
		{get, p + "/activity", read, (*s).showActivity, nothing},
		{get, p + "/members", read, (*s).listMembers, nothing},
		{post, p + "/members", members, (*s).addMember, record},
		{patch, p + "/members/:user", members, (*s).changeMember, record},
		{del, p + "/members/:user", members, (*s).removeMember, nothing},
		{post, p + "/leave", read, (*s).leaveProject, nothing},
		{post, p + "/hand-over", members, (*s).handOver, record},
		{get, p + "/invitations", members, (*s).listInvitations, nothing},
		{post, p + "/invitations", members, (*s).invite, record},
		{del, p + "/invitations/:invitation", members, (*s).withdrawInvitation, nothing},
		{get, p + "/sites", read, (*s).listSites, nothing},
		{post, p + "/sites", sites, (*s).createSite, record},
		{get, p + "/sites/:site", read, (*s).showSite, nothing},
		{patch, p + "/sites/:site", sites, (*s).changeSite, record},
		{del, p + "/sites/:site", sites, (*s).deleteSite, nothing},
		{get, p + "/participants", read, (*s).listParticipants, nothing},
		{post, p + "/participants", models.ActionAddParticipants, (*s).createParticipant, record},
		{get, p + "/participants/:participant", read, (*s).showParticipant, nothing},
		{patch, p + "/participants/:participant", people, (*s).changeParticipant, record},
		{del, p + "/participants/:participant", people, (*s).deleteParticipant, nothing},

		{get, p + "/notes", read, (*s).listNotes, nothing},
		{post, p + "/notes", notes, (*s).createNote, words},
		{post, p + "/imports", notes, (*s).importNotes, uploads},
		{get, p + "/notes/progress", read, (*s).listProgress, nothing},
		{get, p + "/notes/:note", read, (*s).showNote, nothing},
		{patch, p + "/notes/:note", changeNotes, (*s).changeNote, record},
		{del, p + "/notes/:note", changeNotes, (*s).deleteNote, nothing},
		{get, p + "/notes/:note/text", read, (*s).showText, nothing},
		{get, p + "/notes/:note/text/source", read, (*s).showSource, nothing},
		{put, p + "/notes/:note/text", changeNotes, (*s).editText, words},
		{post, p + "/notes/:note/text/preview", changeNotes, (*s).previewText, words},
		{get, p + "/notes/:note/releases", models.ActionReleaseNotes, (*s).listReleases, nothing},
		{get, p + "/notes/:note/versions", read, (*s).listVersions, nothing},
		{get, p + "/notes/:note/compare", read, (*s).compareText, nothing},
		{get, p + "/notes/:note/file", read, (*s).signFile, nothing},
		{post, p + "/notes/:note/attachments", changeNotes, (*s).attach, attachments},
		{get, p + "/notes/:note/attachments/:file", read, (*s).signAttachment, nothing},
		{del, p + "/notes/:note/attachments/:file", changeNotes, (*s).detach, nothing},
		{get, p + "/notes/:note/codings", read, (*s).listNoteCodings, nothing},

		{get, p + "/uploads", notes, (*s).listUploads, nothing},
		{post, p + "/uploads", notes, (*s).beginUpload, endless},
		{post, p + "/uploads/commit", notes, (*s).commitUploads, endless},
		{get, p + "/uploads/:upload", notes, (*s).showUpload, nothing},
		{head, p + "/uploads/:upload", notes, (*s).askUpload, nothing},
		{patch, p + "/uploads/:upload", notes, (*s).continueUpload, endless},
		{del, p + "/uploads/:upload", notes, (*s).cancelUpload, nothing},
		{get, p + "/uploads/:upload/text", notes, (*s).showUploadText, nothing},
		{put, p + "/uploads/:upload/options", notes, (*s).readUploadAgain, record},

		{get, p + "/drafts", read, (*s).listDrafts, nothing},
		{get, p + "/drafts/:draft", read, (*s).showDraft, nothing},
		{put, p + "/drafts/:draft", notes, (*s).saveDraft, words},
		{del, p + "/drafts/:draft", read, (*s).deleteDraft, nothing},

		{get, p + "/codes", read, (*s).listCodes, nothing},
		{post, p + "/codes", codebook, (*s).createCode, record},
		{post, p + "/codes/in-vivo", models.ActionAddInVivoCode, (*s).createInVivoCode, record},
		{post, p + "/codes/import", codebook, (*s).importCodes, table},
		{post, p + "/codes/import/preview", codebook, (*s).previewImport, table},
		{get, p + "/codes/:code", read, (*s).showCode, nothing},
		{patch, p + "/codes/:code", codebook, (*s).changeCode, record},
		{del, p + "/codes/:code", codebook, (*s).deleteCode, nothing},
		{post, p + "/codes/:code/merge", codebook, (*s).mergeCode, record},
		{post, p + "/codes/:code/merge/preview", codebook, (*s).previewMerge, record},
		{post, p + "/codes/:code/split", codebook, (*s).splitCode, record},
		{get, p + "/codebook", read, (*s).showCodebook, nothing},
		{get, p + "/codebook/usage", read, (*s).showUsage, nothing},

		{get, p + "/codings", read, (*s).listExcerpts, nothing},
		{post, p + "/codings", code, (*s).putCoding, record},
		{post, p + "/codings/batch", code, (*s).putCodings, batch},
		{get, p + "/codings/counts", read, (*s).countCodings, nothing},
		{get, p + "/codings/:coding", read, (*s).showCoding, nothing},
		{patch, p + "/codings/:coding", code, (*s).changeCoding, record},
		{del, p + "/codings/:coding", code, (*s).removeCoding, nothing},
		{get, p + "/memos", read, (*s).listMemos, nothing},
		{post, p + "/memos", memos, (*s).createMemo, record},
		{get, p + "/memos/:memo", read, (*s).showMemo, nothing},
		{patch, p + "/memos/:memo", memos, (*s).changeMemo, record},
		{del, p + "/memos/:memo", memos, (*s).deleteMemo, nothing},
		{get, p + "/comments", read, (*s).listComments, nothing},
		{post, p + "/comments", comments, (*s).createComment, record},
		{patch, p + "/comments/:comment", comments, (*s).changeComment, record},
		{del, p + "/comments/:comment", comments, (*s).deleteComment, nothing},
		{get, p + "/presence", read, (*s).listPresence, nothing},
		{put, p + "/presence", read, (*s).appear, record},
		{del, p + "/presence", read, (*s).disappear, nothing},
		{get, p + "/links", read, (*s).listLinks, nothing},
		{post, p + "/links", links, (*s).createLink, record},
		{patch, p + "/links/:link", links, (*s).changeLink, record},
		{del, p + "/links/:link", links, (*s).deleteLink, nothing},

		{get, p + "/rounds", read, (*s).listRounds, nothing},
		{post, p + "/rounds", rounds, (*s).createRound, record},
		{get, p + "/rounds/tasks", read, (*s).listOpenTasks, nothing},
		{get, p + "/rounds/:round", read, (*s).showRound, nothing},
		{patch, p + "/rounds/:round", rounds, (*s).changeRound, record},
		{del, p + "/rounds/:round", rounds, (*s).deleteRound, nothing},
		{post, p + "/rounds/:round/draw", rounds, (*s).drawRound, record},
		{post, p + "/rounds/:round/move", rounds, (*s).moveRound, record},
		{get, p + "/rounds/:round/progress", models.ActionFollowRounds, (*s).listRoundProgress, nothing},
		{get, p + "/rounds/:round/tasks", read, (*s).listRoundTasks, nothing},
		{put, p + "/rounds/:round/notes/:note/done", code, (*s).markDone, nothing},
		{del, p + "/rounds/:round/notes/:note/done", code, (*s).unmarkDone, nothing},

		{get, p + "/exports/codings", read, (*s).exportCodings, endless},
		{get, p + "/exports/notes", read, (*s).exportNotes, endless},
		{get, p + "/exports/codebook", read, (*s).exportCodebook, endless},

		{get, p + "/search", read, (*s).search, nothing},
		{get, p + "/search/candidates", code, (*s).listCandidates, nothing},
		{get, p + "/saved-searches", read, (*s).listSavedSearches, nothing},
		{post, p + "/saved-searches", read, (*s).createSavedSearch, record},
		{patch, p + "/saved-searches/:savedSearch", read, (*s).changeSavedSearch, record},
		{del, p + "/saved-searches/:savedSearch", read, (*s).deleteSavedSearch, nothing},
		{get, p + "/events", read, (*s).listEvents, nothing},
		{post, p + "/events/:event/undo", Entitled, (*s).undo, record},
		{get, p + "/bin", read, (*s).listBin, nothing},
		{post, p + "/bin/:noun/:record/restore", Entitled, (*s).restoreRecord, nothing},
		{del, p + "/bin/:noun/:record", models.ActionPurge, (*s).purgeRecord, nothing},
		{get, streamRoute, read, (*s).stream, endless},
	}
	return slices.Concat(routes, courseRoutes(), exerciseRoutes(), submissionRoutes(), feedbackRoutes(), workRoutes())
}
