// Command measure prints how well the detectors do on the labelled set, and writes the figures that a release carries:
// `make bench-checks`. With --mistakes it prints the lines of the tuning half that were judged wrongly; with --kept too, those of
// the half that is kept apart, which is no longer apart for who reads them. A file of lines may be named instead.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kinward/hooks/check"
)

func main() {
	mistakes := flag.Bool("mistakes", false, "print the lines of the tuning half that were judged wrongly")
	kept := flag.Bool("kept", false, "with --mistakes: of the kept half too")
	write := flag.Bool("write", false, "write hooks/check/measured.json")
	set := flag.String("set", filepath.Join("hooks", "check", "testdata", "labelled"), "the labelled set, or a folder of labelled lines")
	flag.Parse()
	if err := run(*set, *mistakes, *kept, *write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(set string, mistakes, kept, write bool) error {
	if _, err := os.Stat(filepath.Join(set, "tuning")); err != nil {
		lines, err := check.ReadLines(os.DirFS(set), ".")
		if err != nil {
			return err
		}
		half := check.Judge(lines)
		print(set, half, mistakes)
		return nil
	}
	figures, err := check.Measure(os.DirFS(set))
	if err != nil {
		return err
	}
	print("tuning", figures.Tuning, mistakes)
	print("kept apart", figures.Kept, mistakes && kept)
	if !write {
		return nil
	}
	out, err := json.MarshalIndent(figures, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("hooks", "check", "measured.json"), append(out, '\n'), 0o644)
}

func print(title string, half check.Half, mistakes bool) {
	fmt.Printf("%s: %d lines, %d of them harmless\n", title, half.Lines, half.Harmless)
	fmt.Printf("  %-16s %6s %6s %6s %9s %7s\n", "detector", "right", "missed", "wrong", "precision", "recall")
	row := func(name string, c check.Counts) {
		fmt.Printf("  %-16s %6d %6d %6d %8.1f%% %6.1f%%\n", name, c.Right, c.Missed, c.Wrong, 100*c.Precision(), 100*c.Recall())
	}
	for _, detector := range check.Detectors {
		row(detector.ID, half.Detectors[detector.ID])
	}
	row("(identifier)", half.Identifier)
	row("(overall)", half.Overall)
	fmt.Printf("  false alarms: %d of %d harmless lines, %.1f%%\n\n", half.Alarms, half.Harmless, 100*half.FalseAlarms())
	if !mistakes {
		return
	}
	for _, m := range half.Mistakes {
		fmt.Printf("  [%s] %-15s %s\n", m.Line.As, m.Line.Finds, m.Line.Text)
		for _, f := range m.Found {
			fmt.Printf("      %s %d–%d %s\n", f.Detector, f.Start, f.End, f.Rule)
		}
	}
}
