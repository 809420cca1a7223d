package post

import "kinward/hooks/access"

// SavedQuery is read for one viewer.
const SavedQuery = savedQuery

// Queries are the statements that people wait for, and the index that each is to use.
var Queries = map[string]struct{ Text, Index string }{
	"faces":      {access.FacesQuery, "sqlite_autoindex_users_1 (id=?)"},
	"feed":       {feedQuery, "posts_feed (community=? AND (created,id)<(?,?))"},
	"thread":     {threadQuery, "comments_thread (post=? AND (created,id)>(?,?))"},
	"earlier":    {earlierQuery, "comments_thread (post=? AND (created,id)<(?,?))"},
	"held":       {heldPostsQuery, "posts_held (community=? AND (created,id)"},
	"in reply":   {heldCommentsQuery, "comments_held (post=? AND (created,id)"},
	"unanswered": {unansweredQuery, "posts_unanswered (community=? AND (created,id)<(?,?))"},
	"pinned":     {pinnedQuery, "posts_pinned (community=?)"},
	"announced":  {announcedQuery, "posts_on_top (community=? AND until>?)"},
	"linked":     {linkedQuery, "sqlite_autoindex_comments_1 (id=?)"},
	"post":       {postQuery, "sqlite_autoindex_posts_1 (id=?)"},
	"comment":    {commentQuery, "sqlite_autoindex_comments_1 (id=?)"},
	"writable":   {writableQuery, "memberships_community (community=? AND lead=?)"},
}
