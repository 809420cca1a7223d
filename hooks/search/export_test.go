package search

// Queries are for the test of their plans.
var Queries = []string{hitsQuery, latestQuery, "SELECT count(*) FROM " + latest}
