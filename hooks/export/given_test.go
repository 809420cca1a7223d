package export

// Given names, for every table that is given, the columns that somebody has decided about.
func Given() map[string][]string {
	out := map[string][]string{}
	for _, p := range parts {
		out[p.table] = append(append([]string{}, p.columns...), p.without...)
	}
	return out
}

// LeftOut are the other tables, with the reason.
func LeftOut() map[string]string { return leftOut }
