package hookstest

// afterSetUp does what the set-up does after the practice has its record: it posts the shipped policies, once there is a
// capability that does.
func (c *Clinic) afterSetUp() {}
