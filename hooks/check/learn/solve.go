package main

import "math"

// problem is to find weights that tell windows apart: sides are 1 for those that shall be found and -1 for others, costs what it
// costs to be wrong about each.
type problem struct {
	windows []*instance
	sides   []float64
	costs   []float64
}

func (p *problem) add(window *instance, side, cost float64) {
	p.windows, p.sides, p.costs = append(p.windows, window), append(p.sides, side), append(p.costs, cost)
}

const (
	mostRounds = 30
	nearEnough = 0.05
)

// solve gives the weights of a linear support vector machine with squared errors, by dual coordinate descent (Hsieh et al.,
// "A Dual Coordinate Descent Method for Large-scale Linear SVM", 2008). The windows are taken in an order that looks like chance and
// is the same every time.
func (p *problem) solve(size int) []float64 {
	weights := make([]float64, size)
	pulls := make([]float64, len(p.windows)) // how much each window holds on to the weights
	norms := make([]float64, len(p.windows))
	order := make([]int, len(p.windows))
	for i, w := range p.windows {
		order[i] = i
		for _, x := range w.amounts {
			norms[i] += float64(x) * float64(x)
		}
		norms[i] += 1 / (2 * p.costs[i])
	}
	seed := uint64(1)
	for range mostRounds {
		seed = shuffle(order, seed)
		worst := 0.0
		for _, i := range order {
			w := p.windows[i]
			error := p.sides[i]*w.dot(weights) - 1 + pulls[i]/(2*p.costs[i])
			if pulls[i] == 0 && error >= 0 {
				continue
			}
			worst = max(worst, math.Abs(error))
			pull := max(0, pulls[i]-error/norms[i])
			by := (pull - pulls[i]) * p.sides[i]
			pulls[i] = pull
			for k, f := range w.features {
				weights[f] += by * float64(w.amounts[k])
			}
		}
		if worst < nearEnough {
			break
		}
	}
	return weights
}

func (w *instance) dot(weights []float64) float64 {
	sum := 0.0
	for k, f := range w.features {
		sum += weights[f] * float64(w.amounts[k])
	}
	return sum
}

// shuffle puts a list in another order, with Knuth's generator for numbers.
func shuffle(order []int, seed uint64) uint64 {
	for i := len(order) - 1; i > 0; i-- {
		seed = seed*6364136223846793005 + 1442695040888963407
		j := int((seed >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return seed
}
