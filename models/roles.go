package models

// Role is what a member may do in a project.
type Role string

// The four roles, from most rights to fewest.
const (
	RoleOwner  Role = "owner"
	RoleEditor Role = "editor"
	RoleCoder  Role = "coder"
	RoleReader Role = "reader"
)

// Action is one thing a member may want to do. Every operation of the API asks for exactly one.
type Action string

// The actions of a project.
const (
	ActionRead              Action = "read"              // read everything shared: notes, codings, codebook, search, history, stream
	ActionAddNotes          Action = "addNotes"          // add notes and upload files
	ActionChangeNotes       Action = "changeNotes"       // change a note's text and fields, bin it, restore it
	ActionChangeSites       Action = "changeSites"       // add, change and bin sites
	ActionAddParticipants   Action = "addParticipants"   // add participants
	ActionChangeParticipant Action = "changeParticipant" // change and bin participants
	ActionChangeAttributes  Action = "changeAttributes"  // say which attributes notes have
	ActionChangeCodebook    Action = "changeCodebook"    // add, change, move, merge, split, archive, import codes
	ActionAddInVivoCode     Action = "addInVivoCode"     // make a code named by selected words
	ActionCode              Action = "code"              // put codings, change and remove one's own
	ActionWriteMemos        Action = "writeMemos"        // write memos, change and bin one's own
	ActionWriteComments     Action = "writeComments"     // write in threads on codings, change and bin one's own comments
	ActionLink              Action = "link"              // link codings, change and bin one's own links
	ActionManageRounds      Action = "manageRounds"      // set up rounds of blind coding, and move them from state to state
	ActionFollowRounds      Action = "followRounds"      // see how far the coders of a round have come
	ActionChangeProject     Action = "changeProject"     // name, description, archive
	ActionChangeMembers     Action = "changeMembers"     // add and remove members, change roles
	ActionDeleteProject     Action = "deleteProject"     // bin and restore the whole project
	ActionPurge             Action = "purge"             // delete for good
	ActionReleaseNotes      Action = "releaseNotes"      // copy notes into exercises, and see where they were copied
)

// Grant says how far a right reaches.
type Grant int

// The three grants.
const (
	GrantNone Grant = iota
	GrantOwn        // only on what the member made
	GrantAny
)

// rights is the one table of role × action. Codings, memos, comments and links are never anybody else's to
// change, whatever the role (design, section 6), hence GrantOwn for all.
var rights = map[Action]map[Role]Grant{
	ActionRead:              {RoleOwner: GrantAny, RoleEditor: GrantAny, RoleCoder: GrantAny, RoleReader: GrantAny},
	ActionAddNotes:          {RoleOwner: GrantAny, RoleEditor: GrantAny, RoleCoder: GrantAny},
	ActionChangeNotes:       {RoleOwner: GrantAny, RoleEditor: GrantAny, RoleCoder: GrantOwn},
	ActionChangeSites:       {RoleOwner: GrantAny, RoleEditor: GrantAny},
	ActionAddParticipants:   {RoleOwner: GrantAny, RoleEditor: GrantAny, RoleCoder: GrantAny},
	ActionChangeParticipant: {RoleOwner: GrantAny, RoleEditor: GrantAny},
	ActionChangeAttributes:  {RoleOwner: GrantAny, RoleEditor: GrantAny},
	ActionChangeCodebook:    {RoleOwner: GrantAny, RoleEditor: GrantAny},
	ActionAddInVivoCode:     {RoleOwner: GrantAny, RoleEditor: GrantAny, RoleCoder: GrantAny},
	ActionCode:              {RoleOwner: GrantOwn, RoleEditor: GrantOwn, RoleCoder: GrantOwn},
	ActionWriteMemos:        {RoleOwner: GrantOwn, RoleEditor: GrantOwn, RoleCoder: GrantOwn},
	ActionWriteComments:     {RoleOwner: GrantOwn, RoleEditor: GrantOwn, RoleCoder: GrantOwn},
	ActionLink:              {RoleOwner: GrantOwn, RoleEditor: GrantOwn, RoleCoder: GrantOwn},
	ActionManageRounds:      {RoleOwner: GrantAny, RoleEditor: GrantAny},
	ActionFollowRounds:      {RoleOwner: GrantAny},
	ActionChangeProject:     {RoleOwner: GrantAny},
	ActionChangeMembers:     {RoleOwner: GrantAny},
	ActionDeleteProject:     {RoleOwner: GrantAny},
	ActionPurge:             {RoleOwner: GrantAny},
	ActionReleaseNotes:      {RoleOwner: GrantAny},
}

// Roles lists the four roles, from most rights to fewest.
func Roles() []Role { return []Role{RoleOwner, RoleEditor, RoleCoder, RoleReader} }

// Valid says whether r is one of the four roles.
func (r Role) Valid() bool {
	_, ok := rights[ActionRead][r]
	return ok
}

// May says how far the role's right to the action reaches.
func (r Role) May(a Action) Grant { return rights[a][r] }
