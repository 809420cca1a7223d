package site

import (
	"strconv"
	"strings"
)

// choose takes the smallest form that the browser accepts (RFC 9110 section 12.5.3). Without the header, or with one that
// refuses all, the plain form is right: a body is better than none.
func (f *file) choose(accept []string) *form {
	if f.brotli == nil && f.gzip == nil {
		return f.plain()
	}
	weights := map[string]float64{}
	for _, line := range accept {
		weigh(line, weights)
	}
	brotli, gzip := weightOf("br", weights), weightOf("gzip", weights)
	switch {
	case f.brotli != nil && brotli > 0 && (brotli >= gzip || f.gzip == nil):
		return f.brotli()
	case f.gzip != nil && gzip > 0:
		return f.gzip()
	}
	return f.plain()
}

func weightOf(encoding string, weights map[string]float64) float64 {
	if q, named := weights[encoding]; named {
		return q
	}
	return weights["*"]
}

// weigh notes each encoding of one header line with its weight, 1 where none is given and 0 where it makes no sense.
func weigh(line string, weights map[string]float64) {
	for one := range strings.SplitSeq(line, ",") {
		name, parameters, _ := strings.Cut(one, ";")
		q := 1.0
		if value, given := strings.CutPrefix(strings.TrimSpace(parameters), "q="); given {
			var err error
			if q, err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
				q = 0
			}
		}
		weights[strings.ToLower(strings.TrimSpace(name))] = q
	}
}
