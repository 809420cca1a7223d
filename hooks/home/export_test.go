package home

// Queries are the statements that people wait for, and the index that each is to use.
var Queries = map[string]struct{ Text, Index string }{
	"rooms":    {roomsQuery, "memberships_member (member=?)"},
	"new":      {newQuery, "posts_feed (community=? AND created>? AND (created,id)<(?,?))"},
	"follows":  {followsQuery, "follows_news (member=?)"},
	"mentions": {mentionsQuery, "mentions_waiting (member=?)"},
	"polls":    {pollsQuery, "polls_waiting (community=? AND ends>?)"},
	"visit":    {visitQuery, "visits_once (member=?)"},
}
