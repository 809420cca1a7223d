//go:build !race

package markdown_test

// slowdown is what the race detector costs a test that looks at the time: nothing without it.
const slowdown = 1
