package main

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// vectors.txt tells which English words are like which: a word and its place in eighty dimensions, a sign each. So a word that no
// labelled line has takes part of the weights of its like. It was made of GloVe 6B (Public Domain Dedication and License) and of the
// Universal Sentence Encoder lite (Apache License 2.0), each word's two places put together and turned to the eighty directions in
// which they differ most. Only learning reads it.
//
//go:embed vectors.txt
var vectorsSource string

const (
	dimensions = 80
	digits     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-"
	middle     = 32
	digitStep  = 0.025
)

// vectors are the places of words.
var vectors = sync.OnceValue(func() map[string][]float32 {
	out := map[string][]float32{}
	for line := range strings.Lines(vectorsSource) {
		word, place, _ := strings.Cut(strings.TrimSpace(line), " ")
		if len(place) != dimensions {
			panic(fmt.Sprintf("vectors.txt: %q", word))
		}
		vector := make([]float32, dimensions)
		for i := range vector {
			vector[i] = float32(strings.IndexByte(digits, place[i])-middle) * digitStep
		}
		out[word] = vector
	}
	return out
})
