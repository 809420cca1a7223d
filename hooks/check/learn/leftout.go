package main

import (
	"fmt"
	"maps"
	"slices"

	"kinward/hooks/check"
)

// leftOut judges the lines of each writer with what was learned of all others: so little as that is known of a stranger's.
func leftOut(lines []*studied) ([]*judged, error) {
	writers := map[string]bool{}
	for _, line := range lines {
		if line.By != "" {
			writers[line.By] = true
		}
	}
	var out []*judged
	for _, writer := range slices.Sorted(maps.Keys(writers)) {
		var others, own []*studied
		for _, line := range lines {
			if line.By == writer {
				own = append(own, line)
			} else {
				others = append(others, line)
			}
		}
		one, err := judge(train(others), own)
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	return out, nil
}

func judge(m *model, lines []*studied) ([]*judged, error) {
	plain := make([]check.Line, len(lines))
	for i := range lines {
		plain[i] = lines[i].Line
	}
	weighs, err := check.Weigh(m.files(make([]mark, len(check.PhraseDetectors()))), plain)
	if err != nil {
		return nil, err
	}
	out := make([]*judged, len(lines))
	for i := range lines {
		out[i] = &judged{lines[i], weighs[i]}
	}
	return out, nil
}

// tell prints how well lines are judged, all together and each writer's.
func tell(title string, lines []*judged, marks []mark) {
	fmt.Printf("%s\n  %-16s %6s %6s %6s %7s\n", title, "detector", "right", "missed", "wrong", "recall")
	for d, detector := range check.PhraseDetectors() {
		c := count(lines, marks, d)
		fmt.Printf("  %-16s %6d %6d %6d %6.1f%%\n", detector, c.Right, c.Missed, c.Wrong, 100*c.Recall())
	}
	by := map[string][]*judged{}
	for _, line := range lines {
		by[line.By] = append(by[line.By], line)
	}
	fmt.Printf("  all: %s\n", summary(lines, marks))
	for _, writer := range slices.Sorted(maps.Keys(by)) {
		fmt.Printf("    %s: %s\n", writer, summary(by[writer], marks))
	}
	fmt.Println()
}

// summary says of lines which part of them is found by all detectors together, and how many of the harmless ones are.
func summary(lines []*judged, marks []mark) string {
	all := check.Counts{}
	for d := range check.PhraseDetectors() {
		c := count(lines, marks, d)
		all.Right, all.Missed = all.Right+c.Right, all.Missed+c.Missed
	}
	alarms, harmless := alarms(lines, marks)
	return fmt.Sprintf("%.1f%% found; false alarms: %d of %d, %.1f%%", 100*all.Recall(), alarms, harmless, 100*float64(alarms)/float64(max(1, harmless)))
}

func count(lines []*judged, marks []mark, d int) check.Counts {
	var c check.Counts
	for _, line := range lines {
		found := line.finds(marks, d)
		switch {
		case line.Finds == check.PhraseDetectors()[d] && found:
			c.Right++
		case line.Finds == check.PhraseDetectors()[d]:
			c.Missed++
		case line.Finds == "" && found:
			c.Wrong++
		}
	}
	return c
}

func alarms(lines []*judged, marks []mark) (alarms, harmless int) {
	for _, line := range lines {
		if line.Finds != "" {
			continue
		}
		harmless++
		for d := range check.PhraseDetectors() {
			if line.finds(marks, d) {
				alarms++
				break
			}
		}
	}
	return alarms, harmless
}
