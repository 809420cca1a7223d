package review

// The statements of the lists.
var ReviewedQuery, WaitingQuery = reviewedQuery, waitingQuery
