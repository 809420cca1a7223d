//go:build !race

package check

const slowed = 1
