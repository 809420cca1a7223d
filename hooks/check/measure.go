package check

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"kinward/hooks/clinic"
)

// Line is a labelled line: a text, whose it is, and the detector that shall find something in it; none for a harmless one.
type Line struct {
	Text  string      `json:"text"`
	As    clinic.Role `json:"as"`
	Finds string      `json:"finds,omitempty"`
	By    string      `json:"by,omitempty"` // which of the writers of lines to learn from
}

// Counts are how a detector did on labelled lines: those that it shall find and did, those that it missed, and those in which
// it found what is not there.
type Counts struct {
	Right  int `json:"right"`
	Missed int `json:"missed"`
	Wrong  int `json:"wrong"`
}

// Recall is the part of what is there that was found.
func (c Counts) Recall() float64 { return ratio(c.Right, c.Right+c.Missed) }

// Precision is the part of what was found that is there.
func (c Counts) Precision() float64 { return ratio(c.Right, c.Right+c.Wrong) }

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Half is one half of the labelled set: what the detectors were tuned on, or what was kept apart meanwhile.
type Half struct {
	Lines      int               `json:"lines"`
	Harmless   int               `json:"harmless"`
	Alarms     int               `json:"alarms"` // harmless lines in which anything was found
	Detectors  map[string]Counts `json:"detectors"`
	Overall    Counts            `json:"overall"`
	Mistakes   []Mistake         `json:"-"`
	Identifier Counts            `json:"identifier"` // the family together
}

// FalseAlarms is the part of the harmless lines in which anything was found.
func (h Half) FalseAlarms() float64 { return ratio(h.Alarms, h.Harmless) }

// Mistake is a line that was judged otherwise than it is labelled.
type Mistake struct {
	Line  Line
	Found []Found
}

// Figures are what the labelled set says of the detectors.
type Figures struct {
	Tuning Half `json:"tuning"`
	Kept   Half `json:"kept"`
}

//go:embed measured.json
var measured []byte

// Measured gives the figures of this release, as `make bench-checks` wrote them; a test holds them to the set.
var Measured = sync.OnceValue(func() Figures {
	var out Figures
	if err := json.Unmarshal(measured, &out); err != nil {
		panic(err)
	}
	return out
})

// labelledNames are the members whom the writers of labelled lines may see. Some of their names are words as well.
var labelledNames = sync.OnceValue(func() *Names {
	return NewNames([]Name{
		{"1", "Marisol Vega"}, {"2", "Jürgen Haas"}, {"3", "Thandeka Mokoena"}, {"4", "Rose Whitfield"}, {"5", "Grace Kim"}, {"6", "Will Turner"},
		{"7", "May Brooks"}, {"8", "Hope Silva"}, {"9", "Luz Herrera"}, {"10", "Cruz Paz"},
	})
})

// labelledWords are the practice's own words in labelled lines.
var labelledWords = []string{"brightherb", "miracle cleanse"}

// Measure runs the detectors over a labelled set: tuning/*.jsonl and kept/*.jsonl.
func Measure(set fs.FS) (Figures, error) {
	tuning, err := measureHalf(set, "tuning")
	if err != nil {
		return Figures{}, err
	}
	kept, err := measureHalf(set, "kept")
	return Figures{tuning, kept}, err
}

func measureHalf(set fs.FS, half string) (Half, error) {
	lines, err := ReadLines(set, half)
	if err != nil {
		return Half{}, err
	}
	return Judge(lines), nil
}

// ReadLines reads the labelled lines of a folder, in English and Spanish.
func ReadLines(set fs.FS, folder string) ([]Line, error) {
	files, err := fs.Glob(set, path.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no labelled lines (*.jsonl) in %s", folder)
	}
	var out []Line
	for _, name := range files {
		file, err := set.Open(name)
		if err != nil {
			return nil, err
		}
		scanner := bufio.NewScanner(file)
		for scanner.Scan() {
			var line Line
			if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", name, scanner.Text(), err)
			}
			out = append(out, line)
		}
		if err := scanner.Err(); err != nil {
			return nil, err
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Judge compares what is found in lines with their labels. A detector is wrong only in a harmless line: another one may well
// be right about a line that was labelled for the one it was written for.
func Judge(lines []Line) Half {
	out := Half{Lines: len(lines), Detectors: map[string]Counts{}}
	for _, line := range lines {
		found := Find(line.Text, Context{Role: line.As, Names: labelledNames(), Words: labelledWords})
		if line.Finds == "" {
			out.harmless(line, found)
			continue
		}
		counts := out.Detectors[line.Finds]
		family := FamilyOf(line.Finds)
		right := slices.ContainsFunc(found, func(f Found) bool {
			return f.Detector == line.Finds || family == FamilyOf(f.Detector) && family == Identifier
		})
		add := func(c *Counts) {
			if right {
				c.Right++
			} else {
				c.Missed++
			}
		}
		add(&counts)
		add(&out.Overall)
		if family == Identifier {
			add(&out.Identifier)
		}
		out.Detectors[line.Finds] = counts
		if !right {
			out.Mistakes = append(out.Mistakes, Mistake{line, found})
		}
	}
	return out
}

func (h *Half) harmless(line Line, found []Found) {
	h.Harmless++
	if len(found) == 0 {
		return
	}
	h.Alarms++
	h.Overall.Wrong++
	h.Mistakes = append(h.Mistakes, Mistake{line, found})
	told := map[string]bool{}
	for _, f := range found {
		if told[f.Detector] {
			continue
		}
		told[f.Detector] = true
		counts := h.Detectors[f.Detector]
		counts.Wrong++
		h.Detectors[f.Detector] = counts
		if FamilyOf(f.Detector) == Identifier {
			h.Identifier.Wrong++
		}
	}
}
