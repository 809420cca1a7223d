package access

import (
	"net/netip"
	"slices"
	"strings"
)

// forwarded walks X-Forwarded-For from its end, where trusted proxies write, to the first address that is not one of them.
func forwarded(peer netip.Addr, headers []string, proxies []netip.Prefix) netip.Addr {
	if !within(peer, proxies) {
		return peer
	}
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return peer
		}
		peer = addr.Unmap()
		if !within(peer, proxies) {
			return peer
		}
	}
	return peer
}

func within(addr netip.Addr, list []netip.Prefix) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}
