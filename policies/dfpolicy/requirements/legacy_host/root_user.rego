# METADATA
# title: The agent on the host runs as root
# description: >-
#   Another user can capture packets when the program file has capabilities. But this user cannot
#   read debugfs without `CAP_DAC_READ_SEARCH`, and eBPF then does not work.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-LH-008
#   met: the user is root or not set, or the unit has ambient DAC_READ_SEARCH or DAC_OVERRIDE
#   related: [DF-EBPF-006]
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Remove `User=` from the unit and `user` from the Compose service. If you need another user,
#     give the program file `cap_sys_ptrace`, `cap_net_raw`, `cap_net_admin`, `cap_ipc_lock` and
#     `cap_sys_admin` with `setcap`, or set them in `AmbientCapabilities=` of the unit together with
#     `CAP_DAC_READ_SEARCH`.
package dfpolicy.requirements.legacy_host.root_user

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := result.following("DF-EBPF-006", _of_user(workload))

_of_user(workload) := result.pass("the agent runs as root") if {
	capability.user(workload) == 0
} else := result.pass("the service sets no user, and the official image runs as root") if {
	capability.user(workload) == null
} else := result.pass(message.of(
	"the unit runs as user {user} with the ambient capabilities to read debugfs",
	{"user": value.shown(capability.user(workload))},
)) if {
	capability.reads_files(workload)
} else := agent_changes.root(workload, result.violation(
	message.of("the agent runs as user {user}", {"user": value.plain(capability.user(workload))}),
	"the agent runs as root",
))
