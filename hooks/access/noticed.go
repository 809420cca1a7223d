package access

// OnNoticed calls heard with a member whose notifications may be others than before. It is called after the commit, by whoever
// made the change, and so must return at once. Call it before the house is served.
func (h *House) OnNoticed(heard func(member string)) { h.noticed = append(h.noticed, heard) }

// Noticed says that a member's notifications may be others than before: one was made, or read.
func (h *House) Noticed(member string) {
	for _, heard := range h.noticed {
		heard(member)
	}
}
