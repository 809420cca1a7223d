package access

import (
	"net/url"
	"regexp"
	"strings"
)

// Where the public URL comes from, as the practice's settings say it.
const (
	URLFromStart    = "start"    // a flag or variable of serve: it goes before all else
	URLFromSettings = "settings" // the practice's own setting
	URLFromServer   = "server"   // neither: the first domain, or the address served
)

// PublicURL is the start of every link in a letter, without a slash at its end: what serve was told, else what the practice has
// set, else where the process is reached. A change of the setting holds from the next link on.
func (h *House) PublicURL() string {
	at, _ := h.publicURL()
	return at
}

// PublicURLFrom says which of these it is.
func (h *House) PublicURLFrom() string {
	_, from := h.publicURL()
	return from
}

func (h *House) publicURL() (at, from string) {
	where := h.where()
	if where.named {
		return where.url, URLFromStart
	}
	if set := h.Practice().URL; set != "" {
		return set, URLFromSettings
	}
	return where.url, URLFromServer
}

// NamePublicURL says that the URL which Reached was given was named by who started the process, so that the practice's setting
// does not go before it. Called after Reached.
func (h *House) NamePublicURL() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.place.named = true
}

var hostShape = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// CheckPublicURL returns the scheme and host of what somebody gave as the practice's public URL, or false if it is no such
// thing: links in letters take nothing else, since the page stands at the root of its host.
func CheckPublicURL(text string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !hostShape.MatchString(u.Host) || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Trim(u.Path, "/") != "" || len(u.Host) > 255 {
		return "", false
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), true
}
