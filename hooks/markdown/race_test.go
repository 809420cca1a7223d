//go:build race

package markdown_test

// slowdown is what the race detector costs a test that looks at the time.
const slowdown = 12
