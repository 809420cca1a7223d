//go:build race

package markdown_test

// slowdown is what the race detector costs a test that looks at the time, and in how many parts the largest tests are
// cut under it: it looks for races, which every part would show.
const slowdown = 12
