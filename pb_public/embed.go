// Package public carries the built page inside the binary. Without a build, Dist holds no index.html.
package public

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist is what `npm run build` made: index.html, hashed assets, and their .br and .gz twins.
var Dist, _ = fs.Sub(files, "dist")
