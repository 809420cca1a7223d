package search

// HitsQuery is for the test of its plan.
const HitsQuery = hitsQuery
