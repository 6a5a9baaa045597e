# METADATA
# title: The server treats the host's addresses as local
# description: >-
#   The server records a host only when its addresses are in `local_ip_ranges`. The default is the
#   private networks. A list of your own replaces the default completely.
# custom:
#   id: DF-LH-004
#   met: the server's `local_ip_ranges` contains the host's addresses
#   level: required
#   asks: deepflow-ctl -v
#   reads: [manifests, nodes]
#   impact: [AutoTagging]
#   remediation: >-
#     Up to v7.1, add the host's network to
#     `configmap.server.yaml.controller.genesis.local_ip_ranges` of the server's chart, and keep the
#     default ranges in the list. A later server ignores that list: add the network to
#     `local_ip_ranges` of the `agent_sync` domain.
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.local_addresses

import data.dfpolicy.lib.address
import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_changes
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in _asked

# The ranges do not matter to agents that no server manages.
default _asked := []

_asked := facts.asked if count(agent.managed_hosts) == count(agent.hosted)

_asked := facts.asked if count(agent.managed_hosts) > 0

_verdict(node) := facts.unknown(node, "addresses", "the host's addresses", "ip -brief address") if {
	count(value.strings_at(node.spec, "addresses")) == 0
} else := result.violation(message.of("invalid entries in local_ip_ranges: {ranges}", {"ranges": message.list(_malformed)}), _expected) if {
	count(_malformed) > 0
} else := result.unknown(
	"the server's version (up to v7.1, servers ignore local_ip_ranges of a domain)",
	"deepflow-ctl -v",
) if {
	deepflow_server.doubtful_ranges
} else := result.pass("every address of the host is in local_ip_ranges") if {
	count(_outside(node)) == 0
} else := result.at(_remote_level(node), result.unknown(
	message.of("the server's local_ip_ranges (not in the default: {addresses})", {"addresses": message.list(_outside(node))}),
	"kubectl get configmap -n deepflow deepflow -o yaml",
)) if {
	count(deepflow_server.given_ranges) == 0
	count(deepflow_server.configurations) == 0
} else := result.at(_remote_level(node), server_changes.local_ranges(sort({given | some other in _asked; some given in _outside(other)}), result.violation(
	message.of(
		"not in local_ip_ranges ({ranges}): {addresses}",
		{"ranges": message.list(deepflow_server.ranges), "addresses": message.list(_outside(node))},
	),
	_expected,
)))

# Most servers' ranges, and the default, contain no IPv6.
_remote_level(node) := "recommended" if {
	every range in deepflow_server.ranges {
		not address.version_six(range)
	}
	every given in _outside(node) {
		address.version_six(given)
	}
} else := "required"

_expected := message.text("every address of the host is in local_ip_ranges")

_malformed := [value.shown(range) |
	some range in deepflow_server.ranges
	not address.range_formed(range)
]

# Loopback and link-local addresses do not count.
_addresses(node) := [given |
	some given in value.strings_at(node.spec, "addresses")
	not address.within(given, "127.0.0.0/8")
	not address.within(given, "::1")
	not address.within(given, "fe80::/10")
]

_outside(node) := [given |
	some given in _addresses(node)
	inside := [1 | some range in deepflow_server.ranges; address.within(given, range)]
	count(inside) == 0
]
