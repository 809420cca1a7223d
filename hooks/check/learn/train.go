package main

import (
	"math"

	"kinward/hooks/check"
)

// How much it costs to be wrong about a window.
const (
	ofRight    = 1.0 // in which the detector shall find something
	ofOthers   = 0.5 // of a line that is labelled for another detector
	ofHarmless = 1.0
	shared     = 0.8 // how much of what tells any label from harmless lines each detector takes
	passes     = 2
)

// anything is the label that every line has which is not harmless.
const anything = "anything"

// model is what was learned: for each detector the weights of a book's features, its dimensions and of every window.
type model struct {
	book    *book
	weights map[string][]float64
}

// train learns from lines.
func train(lines []*studied) *model {
	b := number(lines)
	for _, line := range lines {
		line.windows = b.instances(line)
	}
	m := &model{b, map[string][]float64{}}
	common := m.learn(lines, anything)
	for _, detector := range check.PhraseDetectors() {
		weights := m.learn(lines, detector)
		for i := range weights {
			weights[i] += shared * common[i]
		}
		m.weights[detector] = weights
	}
	return m
}

// learn finds the weights of one label. Of a line that has it only one window counts, since the others may say nothing of it: at
// first the longest, then the one that weighs most by what was learned so far. Of other lines all count.
func (m *model) learn(lines []*studied, label string) []float64 {
	var weights []float64
	for pass := range passes {
		p := &problem{}
		for _, line := range lines {
			if !check.Reads(label, line.As) {
				continue
			}
			if line.Finds == label || label == anything && line.Finds != "" {
				p.add(line.telling(weights, pass), 1, ofRight)
				continue
			}
			cost := ofHarmless
			if line.Finds != "" {
				cost = ofOthers
			}
			for i := range line.windows {
				p.add(&line.windows[i], -1, cost/math.Sqrt(float64(len(line.windows))))
			}
		}
		weights = p.solve(m.book.size())
	}
	return weights
}

// telling gives the window of a line that counts.
func (l *studied) telling(weights []float64, pass int) *instance {
	best, most := &l.windows[0], math.Inf(-1)
	for i := range l.windows {
		weight := float64(l.windows[i].length)
		if pass > 0 {
			weight = l.windows[i].dot(weights)
		}
		if weight > most {
			best, most = &l.windows[i], weight
		}
	}
	return best
}
