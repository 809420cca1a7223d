package check

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
)

//go:embed grammar
var grammarFiles embed.FS

// phraseDetectors are the detectors whose rules stand in grammar/*.txt, with *.es.txt beside them.
var phraseDetectors = []string{"direct_address", "dose_advice", "testimonial", "complaint", "urgent", "crisis", "interest"}

// phraseGrammar is compiled once, at the first text; a test compiles it too, so that a release cannot have a broken one.
var phraseGrammar = sync.OnceValue(func() *grammar {
	g, err := loadGrammar(grammarFiles)
	if err != nil {
		panic(err)
	}
	return g
})

func loadGrammar(files fs.FS) (*grammar, error) {
	read := func(name string) (string, error) {
		source, err := fs.ReadFile(files, "grammar/"+name+".txt")
		return string(source), err
	}
	words, err := read("words")
	if err != nil {
		return nil, err
	}
	sources := map[string]string{}
	for _, detector := range phraseDetectors {
		english, err := read(detector)
		if err != nil {
			return nil, err
		}
		spanish, err := read(detector + ".es")
		if err != nil {
			return nil, err
		}
		sources[detector] = strings.Join([]string{english, spanish}, "\n")
	}
	return compile(words, sources, phraseDetectors)
}
