package access

import "strings"

// Device says in words what a session runs on, from the browser's User-Agent: enough for a person to know their own devices
// by, and nothing that tells one phone from the next. Empty: no browser that we know, which the page says in the reader's language.
func Device(agent string) string {
	browser := first(agent, "",
		"Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "CriOS/", "Chrome", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first(agent, "", "iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS", "Mac",
		"CrOS", "Chromebook", "Linux", "Linux")
	return strings.Trim(browser+", "+system, ", ")
}

// first returns the name of the first mark that text holds; pairs are mark, name.
func first(text, otherwise string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return otherwise
}
