package follow

// Queries are the statements that people wait for, and the index that each is to use.
func Queries() map[string]struct{ Text, Index string } {
	type query = struct{ Text, Index string }
	out := map[string]query{"saved": {savedQuery, "saves_mine (member=? AND (created,id)<(?,?))"}, "followed": {followsQuery, "follows_mine (member=? AND (created,id)<(?,?))"},
		"mutes": {mutesQuery, "mutes_mine (member=? AND (created,id)<(?,?))"}, "muted": {mutedPostsQuery, "mutes_once (member=?"}, "muted rooms": {mutedRoomsQuery, "mutes_once (member=? AND post=?)"},
		"blocks": {blocksQuery, "blocks_mine (member=? AND (created,id)<(?,?))"}, "blocked": {blockedQuery, "blocks_once (member=?)"}}
	for name, asked := range map[string]string{"post": "post", "community": "community", "pieces": "pieces"} {
		s, _ := scopeOf(func(field string) string { return map[string]string{asked: "aaaaaaaaaaaaaaa"}[field] })
		reactions, saves := "reactions_once (member=? AND piece=?)", "saves_once (member=? AND piece=?)"
		if name == "post" {
			reactions, saves = "reactions_mine (member=? AND post=?)", "saves_" // by the member's, or by the post's
		}
		out["reactions of "+name] = query{givenQuery + s.pieces, reactions}
		out["saved of "+name] = query{savedOfQuery + s.pieces, saves}
		out["follows of "+name] = query{followsOfQuery + s.posts, "follows_once (member=? AND post=?)"}
	}
	return out
}
