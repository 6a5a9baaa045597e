# METADATA
# title: The server treats unknown agents as host agents
# description: >-
#   Servers up to v7.0 give unknown agents the type in their configuration. Type 3 is an agent on a
#   host. Later servers do not have this setting.
# custom:
#   id: DF-LH-005
#   met: the server's setting for unknown agents is 3, or the server is newer than v7.0
#   level: required
#   impact: [Server connection]
#   remediation: >-
#     Set `configmap.server.yaml.controller.trisolaris.trident-type-for-unkonw-vtap: 3` in the
#     server's chart. Charts up to v6.5 have this spelling; later charts spell it `unknow` and set 3.
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.unknown_agents

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_changes
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), subject, _unknown_type) if some subject in _server_subjects

_server_subjects := [deepflow_server.subject(deepflow_server.configurations[0])] if {
	count(agent.managed_hosts) > 0
	count(deepflow_server.configurations) > 0
} else := [candidate.container_subject | some candidate in agent.managed_hosts]

_unknown_type := server_changes.unknown_agents(_other_type) if {
	count(_other_types) > 0
} else := result.pass("the type for unknown agents is 3") if {
	count(deepflow_server.unknown_agent_types) > 0
} else := result.pass("the server's configuration does not set another type") if {
	count(deepflow_server.configurations) > 0
} else := result.pass("servers of v7.1 and later do not have this setting") if {
	every candidate in agent.managed_hosts {
		agent.at_least(candidate, [7, 1])
	}
} else := result.unknown("the server's type for unknown agents", "kubectl get configmap -n deepflow deepflow -o yaml")

_other_types := [value.shown(given) | some given in deepflow_server.unknown_agent_types; given != 3]

_other_type := result.violation(message.of("the type for unknown agents is {types}", {"types": message.list(_other_types)}), "type 3")
