# METADATA
# title: The server takes the host's addresses for local ones
# description: >-
#   The server files only those hosts whose addresses lie in its `local_ip_ranges`, which are the
#   private networks by default; a list of one's own replaces them all.
# custom:
#   id: DF-LH-004
#   level: required
#   reads: [manifests, nodes]
#   impact: [AutoTagging]
#   remediation: >-
#     Add the host's network to `configmap.server.yaml.controller.genesis.local_ip_ranges` of the
#     server's chart, beside the default ranges, or to `local_ip_ranges` of the `agent_sync`
#     domain.
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.local_addresses

import data.dfpolicy.lib.address
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "addresses", "the host's addresses", "ip -brief address") if {
	not is_array(value.at(node.spec, ["addresses"], null))
} else := _remote($"local_ip_ranges holds {_malformed}") if {
	_malformed != ""
} else := result.pass($"{count(_addresses(node))} addresses, all in local_ip_ranges") if {
	count(_outside(node)) == 0
} else := result.at(_remote_level(node), result.unknown(
	$"whether the server's local_ip_ranges holds {result.abridged(_outside(node))}, which the default does not",
	"kubectl get configmap -n deepflow deepflow -o yaml",
)) if {
	count(deepflow_server.given_ranges) == 0
	count(deepflow_server.configurations) == 0
} else := result.at(
	_remote_level(node),
	_remote($"{result.abridged(_outside(node))} lies outside {result.abridged(deepflow_server.ranges)}"),
)

# The ranges of most servers, and the default ones, name no IPv6 at all.
_remote_level(node) := "recommended" if {
	every range in deepflow_server.ranges {
		not address.version_six(range)
	}
	every given in _outside(node) {
		address.version_six(given)
	}
} else := "required"

_remote(observed) := result.violation(observed, "every address of the host lies in local_ip_ranges")

_malformed := result.abridged([value.shown(range) |
	some range in deepflow_server.ranges
	not address.range_formed(range)
])

# What only the host itself, or its own link, knows says nothing of the server's ranges.
_addresses(node) := [given |
	some given in value.strings_at(node.spec, ["addresses"])
	not address.within(given, "127.0.0.0/8")
	not address.within(given, "::1")
	not address.within(given, "fe80::/10")
]

_outside(node) := [given |
	some given in _addresses(node)
	inside := [1 | some range in deepflow_server.ranges; address.within(given, range)]
	count(inside) == 0
]
