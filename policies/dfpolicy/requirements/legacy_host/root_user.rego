# METADATA
# title: The host runs the agent as root
# description: >-
#   A program whose file carries capabilities captures packets as another user too. debugfs stays
#   closed to it, so nothing of eBPF works.
# custom:
#   id: DF-LH-008
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Leave `User=` out of the unit and `user` out of the Compose service. Where another user has
#     to be, give the file `cap_sys_ptrace`, `cap_net_raw`, `cap_net_admin`, `cap_ipc_lock` and
#     `cap_sys_admin` with `setcap`.
#   source: DOC-special
package dfpolicy.requirements.legacy_host.root_user

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := result.pass("the user is root") if {
	capability.user(workload) == 0
} else := result.pass("the user is the image's, which is root in the official image") if {
	capability.user(workload) == null
} else := result.violation(
	$"the user is {value.plain(capability.user(workload))}, who captures packets at most",
	"the user is root",
)
