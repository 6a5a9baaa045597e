# METADATA
# title: The server's addresses are of one IP family
# description: >-
#   The agent stops at start when `controller-ips` contains both IPv4 and IPv6 addresses.
# custom:
#   id: DF-CFG-002
#   level: required
#   impact: [Agent start]
#   remediation: List either IPv4 or IPv6 addresses in `controller-ips`, not both.
#   waivable: false
package dfpolicy.requirements.agent_config.one_ip_family

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := result.violation("the ConfigMap has no key deepflow-agent.yaml", "addresses of one IP family") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := result.pass("controller-ips is empty") if {
	count(agent_config.controllers(workload)) == 0
} else := result.violation("controller-ips mixes IPv4 and IPv6 addresses", "addresses of one IP family") if {
	count(_literal_families(workload)) > 1
} else := result.pass(message.of(
	"controller-ips is {addresses}",
	{"addresses": message.whole(agent_config.controllers(workload))},
))

_literal_families(workload) := {family |
	some address in agent_config.controllers(workload)
	family := agent_config.family(address)
	family != "name"
}
