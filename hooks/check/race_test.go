//go:build race

package check

// slowed says how many times longer than else a text takes under the race detector, about.
const slowed = 20
