package access

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientAddress is the address a request comes from: the peer's, or, if the peer is a trusted proxy, the last address in
// X-Forwarded-For that is not one. A header from anybody else is ignored, since anyone can write it.
func (h *House) ClientAddress(r *http.Request) netip.Addr {
	address, _ := h.source(r)
	return address
}

// Origin names the network that a request comes from, for counting tries: an IPv4 address, or the /64 of an IPv6 one, since
// whoever has one address there has all of them.
func (h *House) Origin(r *http.Request) string {
	address := h.ClientAddress(r).WithZone("")
	if address.Is6() {
		prefix, err := address.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return address.String()
}

// source is ClientAddress, and whether that is where the request began. It need not be where somebody forwards it whom we do
// not know as a proxy, or a proxy does not say for whom in a way that we read.
func (h *House) source(r *http.Request) (address netip.Addr, sure bool) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	peer, proxies := at.Addr().Unmap(), h.where().proxies
	hops := r.Header.Values("X-Forwarded-For")
	if len(hops) == 0 || !within(peer, proxies) {
		return peer, !forwardedByAny(r.Header)
	}
	return forwarded(peer, hops, proxies)
}

// forwardedByAny reports whether a request carries what proxies write and nobody else.
func forwardedByAny(header http.Header) bool {
	return slices.ContainsFunc([]string{"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip", "Via"}, func(name string) bool {
		return len(header[name]) > 0
	})
}

// forwarded walks X-Forwarded-For from its end, where trusted proxies write, to the first address that is not one of them.
func forwarded(peer netip.Addr, headers []string, proxies []netip.Prefix) (address netip.Addr, sure bool) {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, err := parseHop(strings.TrimSpace(hop))
		if err != nil {
			return peer, false
		}
		peer = next.Unmap()
		if !within(peer, proxies) {
			return peer, true
		}
	}
	return peer, true
}

// parseHop reads an address as proxies write it: some add the port, and brackets around IPv6.
func parseHop(hop string) (netip.Addr, error) {
	if at, err := netip.ParseAddrPort(hop); err == nil {
		return at.Addr(), nil
	}
	return netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]"))
}

func within(addr netip.Addr, list []netip.Prefix) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}
