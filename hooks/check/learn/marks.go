package main

import (
	"math"
	"slices"

	"kinward/hooks/check"
)

// judged is a line with what it weighs by weights that were learned without its writer's lines.
type judged struct {
	*studied
	weighs map[string]check.Weighed
}

// The bounds that marks are chosen within: of the harmless lines at most this part may be found by any detector, and what is found
// of a crisis counts for more than of others.
const (
	mostAlarms  = 0.055
	crisisCount = 2
	trust       = 0.3  // a phrase that people wrote down is let go only when more speaks against it than these lines ask for
	trustCrisis = 0.86 // and one of a crisis last of all: to ask once too often is better than to miss one
	soonCrisis  = 0.2  // so is a sentence of a crisis found that weighs this much less than the bounds allow
	farthest    = 9.99 // stands for no mark at all
	lookAhead   = 25   // false alarms
)

// scale of marks: those below what a window weighs with the grammar's finding, and those above.
type step struct {
	score float64
	right bool
	line  *judged
}

// choose finds the marks with which most is found within the bounds: again and again it lowers the mark whose lowering finds most
// for each false alarm more.
func choose(lines []*judged, most float64) []mark {
	kinds := 2 * len(check.PhraseDetectors()) // each detector's upper mark, and its lower
	steps := make([][]step, kinds)
	alarmed := map[*judged]bool{}
	harmless := 0
	for _, line := range lines {
		if line.Finds == "" {
			harmless++
		}
		for d, detector := range check.PhraseDetectors() {
			w, asked := line.weighs[detector]
			if !asked || math.IsInf(w.Score, 0) || line.Finds != "" && line.Finds != detector {
				continue
			}
			if w.Firm {
				if line.Finds == "" {
					alarmed[line] = true
				}
				continue
			}
			kind := 2 * d
			if w.Grammar {
				kind++
			}
			steps[kind] = append(steps[kind], step{w.Score, line.Finds == detector, line})
		}
	}
	for kind := range steps {
		slices.SortStableFunc(steps[kind], func(a, b step) int { return int(math.Copysign(1, b.score-a.score)) })
	}
	taken := lower(steps, alarmed, int(most*float64(harmless)))
	marks := make([]mark, len(check.PhraseDetectors()))
	for d, detector := range check.PhraseDetectors() {
		loosened := trust
		if detector == "crisis" {
			loosened = trustCrisis
		}
		marks[d] = mark{lower: at(steps[2*d+1], taken[2*d+1]) - loosened, upper: at(steps[2*d], taken[2*d])}
	}
	return marks
}

// crisisSooner lowers the mark of a crisis further than the bounds allow.
func crisisSooner(marks []mark) []mark {
	for d, detector := range check.PhraseDetectors() {
		if detector == "crisis" {
			marks[d].upper -= soonCrisis
		}
	}
	return marks
}

// lower gives how many steps of each kind are taken.
func lower(steps [][]step, alarmed map[*judged]bool, budget int) []int {
	taken := make([]int, len(steps))
	for {
		kind, upto, best := -1, 0, -1.0
		for k := range steps {
			gain, cost := 0.0, 0
			worth := 1.0
			if check.PhraseDetectors()[k/2] == "crisis" {
				worth = crisisCount
			}
			for i := taken[k]; i < len(steps[k]) && cost < lookAhead; i++ {
				if s := steps[k][i]; s.right {
					gain += worth
				} else if !alarmed[s.line] {
					cost++
				}
				if len(alarmed)+cost > budget {
					break
				}
				if rate := gain / (float64(cost) + 0.01); gain > 0 && rate > best {
					kind, upto, best = k, i+1, rate
				}
			}
		}
		if kind < 0 {
			return taken
		}
		for _, s := range steps[kind][taken[kind]:upto] {
			if !s.right {
				alarmed[s.line] = true
			}
		}
		taken[kind] = upto
	}
}

// at gives the mark between the last step that is taken and the next.
func at(steps []step, taken int) float64 {
	switch {
	case taken == 0:
		return farthest
	case taken == len(steps):
		return steps[taken-1].score - 0.1
	}
	return (steps[taken-1].score + steps[taken].score) / 2
}

// finds reports whether a detector finds something in a line by marks.
func (j *judged) finds(marks []mark, d int) bool {
	w, asked := j.weighs[check.PhraseDetectors()[d]]
	switch {
	case !asked:
		return false
	case w.Firm:
		return true
	case w.Grammar:
		return w.Score > marks[d].lower
	}
	return w.Score > marks[d].upper
}
