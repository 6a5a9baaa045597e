# METADATA
# title: The server has a domain for the hosts
# description: >-
#   The server files resources under a domain. Servers need one of the type `agent_sync` per
#   region; cloud hosts need one of their cloud, with the credentials that the server reads it
#   with.
# related_resources:
#   - description: DeepFlow documentation, cloud hosts
#     ref: https://deepflow.io/docs/ce-install/cloud-host/
# custom:
#   id: DF-LH-003
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Create the domain with `deepflow-ctl domain create -f`: for servers `type: agent_sync`, once
#     per region; for cloud hosts the cloud's type with credentials that may read and its regions,
#     from `deepflow-ctl domain example`.
#   source: DOC-06
package dfpolicy.requirements.legacy_host.host_domain

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), subject, _domain) if some subject in _domain_subjects

_domain_subjects := [deepflow_server.subject(_relevant[0])] if {
	count(agent.hosted) > 0
	count(_relevant) > 0
} else := [candidate.container_subject | some candidate in agent.hosted]

default _wanted := ["agent_sync"]

_wanted := sort(object.keys(domain.clouds)) if settings.mode == "cloud-host"

_relevant := [found | some found in domain.documents; domain.type(found) in _wanted]

_domain := result.unknown("the server's domains", "deepflow-ctl domain list") if {
	count(domain.documents) == 0
} else := result.violation(
	$"the domains of the input are of the type {result.abridged([value.shown(domain.type(found)) | some found in domain.documents])}",
	$"a domain of the type {concat(" or ", _wanted)}",
) if {
	count(_relevant) == 0
} else := result.violation(concat("; ", _domain_flaws), "one agent_sync domain per region, or a cloud's domain with its credentials") if {
	count(_domain_flaws) > 0
} else := result.at("recommended", result.violation(
	$"{concat(", ", domain.everywhere(_relevant))} names no regions, so the server reads all of the account",
	"include_regions or exclude_regions is set",
)) if {
	count(domain.everywhere(_relevant)) > 0
} else := result.pass(concat(", ", [$"{found.metadata.name} is of the type {domain.type(found)}" | some found in _relevant]))

_domain_flaws := array.flatten([
	[flaw | _wanted == ["agent_sync"]; some flaw in domain.crowded(_relevant)],
	[flaw | some found in _relevant; some flaw in domain.lacking(found)],
])
