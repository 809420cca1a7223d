// Command learn learns from labelled lines what words weigh for the phrase detectors, and writes it to hooks/check/weights: `make
// learn-checks`. The same lines give the same files. With --left-out it writes nothing and prints how the lines of each writer are
// judged by what was learned of all others; with --mistakes also which of them are judged wrongly.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kinward/hooks/check"
)

func main() {
	only := flag.Bool("left-out", false, "print how each writer's lines are judged without them, and write nothing")
	mistakes := flag.Bool("mistakes", false, "with --left-out: print the lines that are judged wrongly")
	flag.Parse()
	if err := run(filepath.Join("hooks", "check"), *only, *mistakes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, only, mistakes bool) error {
	lines, err := study(os.DirFS(filepath.Join(folder, "testdata", "labelled")))
	if err != nil {
		return err
	}
	strangers, err := leftOut(lines)
	if err != nil {
		return err
	}
	marks := crisisSooner(choose(strangers, mostAlarms))
	if only {
		tell("the grammars alone", strangers, grammarsAlone())
		tell("with what was learned of other writers", strangers, marks)
		if mistakes {
			tellMistakes(strangers, marks)
		}
		return nil
	}
	for name, file := range train(lines).files(marks) {
		if err := os.WriteFile(filepath.Join(folder, name), file.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// grammarsAlone are marks by which every finding of a grammar stands and nothing else is found.
func grammarsAlone() []mark {
	out := make([]mark, len(check.PhraseDetectors()))
	for d := range out {
		out[d] = mark{lower: -farthest, upper: farthest}
	}
	return out
}

func tellMistakes(lines []*judged, marks []mark) {
	for _, line := range lines {
		for d, detector := range check.PhraseDetectors() {
			found, w := line.finds(marks, d), line.weighs[detector]
			if found && line.Finds == "" || !found && line.Finds == detector {
				fmt.Printf("  [%s %s] label %q, %s weighs %.2f, grammar %v: %s\n", line.By, line.As, line.Finds, detector, w.Score, w.Grammar, line.Text)
			}
		}
	}
}
