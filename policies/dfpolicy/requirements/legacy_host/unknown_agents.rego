# METADATA
# title: The server takes an unknown agent for one on a host
# description: >-
#   Servers up to v7.0 give an agent that they do not know the type of their configuration; 3 is
#   an agent of a host. Later servers have no such setting.
# custom:
#   id: DF-LH-005
#   level: required
#   impact: [Server connection]
#   remediation: >-
#     Set `configmap.server.yaml.controller.trisolaris.trident-type-for-unkonw-vtap: 3` in the
#     server's chart (spelt so up to v6.5; later charts spell `unknow` and set 3).
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.unknown_agents

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), subject, _unknown_type) if some subject in _server_subjects

_server_subjects := [deepflow_server.subject(deepflow_server.configurations[0])] if {
	count(agent.hosted) > 0
	count(deepflow_server.configurations) > 0
} else := [candidate.container_subject | some candidate in agent.hosted]

_unknown_type := result.violation($"the type is {result.abridged(_other_types)}", "the type is 3") if {
	count(_other_types) > 0
} else := result.pass("the type is 3") if {
	count(deepflow_server.unknown_agent_types) > 0
} else := result.pass("the server's configuration does not set another type") if {
	count(deepflow_server.configurations) > 0
} else := result.pass("servers from v7.1 on have no such setting") if {
	every candidate in agent.hosted {
		agent.at_least(candidate, [7, 1])
	}
} else := result.unknown("the server's type for unknown agents", "kubectl get configmap -n deepflow deepflow -o yaml")

_other_types := [value.shown(given) | some given in deepflow_server.unknown_agent_types; given != 3]
