# METADATA
# title: The server has a domain for the hosts
# description: >-
#   The server assigns each resource to a domain. Servers need one domain of the type `agent_sync`
#   per region. Cloud hosts need a domain of their cloud, with credentials to read it.
# related_resources:
#   - description: DeepFlow documentation, cloud hosts
#     ref: https://deepflow.io/docs/ce-install/cloud-host/
# custom:
#   id: DF-LH-003
#   met: >-
#     the server has a domain of the type `agent_sync`, one for each region; for cloud hosts, a
#     domain of the cloud with credentials
#   level: required
#   asks: deepflow-ctl domain list
#   impact: [AutoTagging]
#   remediation: >-
#     Create the domain with `deepflow-ctl domain create -f`. For servers: `type: agent_sync`, once
#     per region. For cloud hosts: the cloud's type, its regions and credentials with read access;
#     `deepflow-ctl domain example` prints a template.
package dfpolicy.requirements.legacy_host.host_domain

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), subject, _domain) if some subject in _domain_subjects

_domain_subjects := [deepflow_server.subject(_relevant[0])] if {
	count(agent.managed_hosts) > 0
	count(_relevant) > 0
} else := [candidate.container_subject | some candidate in agent.managed_hosts]

default _types := ["agent_sync"]

_types := sort(object.keys(domain.clouds)) if settings.mode == "cloud-host"

_relevant := [found | some found in domain.documents; domain.type(found) in _types]

_domain := result.unknown("the server's domains", "deepflow-ctl domain list") if {
	count(domain.documents) == 0
} else := result.violation(
	message.of("the input has domains of other types only: {types}", {"types": message.list(_shown_types)}),
	message.of("a domain of the type {types}", {"types": message.whole(_types)}),
) if {
	count(_relevant) == 0
} else := result.violation(message.clauses(_domain_flaws), "one agent_sync domain per region, or a cloud's domain with credentials") if {
	count(_domain_flaws) > 0
} else := result.at("recommended", result.violation(
	message.of("no regions are set in {names}, so the server reads the whole account", {"names": message.list(_everywhere)}),
	"include_regions or exclude_regions is set",
)) if {
	count(_everywhere) > 0
} else := result.pass(message.list([message.of("{name} is of the type {type}", {"name": found.metadata.name, "type": domain.type(found)}) |
	some found in _relevant
]))

_shown_types := [value.shown(domain.type(found)) | some found in domain.documents]

_everywhere := domain.everywhere(_relevant)

_domain_flaws := array.flatten([
	[flaw | _types == ["agent_sync"]; some flaw in domain.crowded(_relevant)],
	[flaw | some found in _relevant; some flaw in domain.lacking(found)],
])
