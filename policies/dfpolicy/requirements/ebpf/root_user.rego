# METADATA
# title: The agent runs as root
# description: >-
#   debugfs belongs to root with mode 0700. In a container, no capability is effective in a process
#   of another user, and `privileged` does not replace user 0. A systemd unit of another user needs
#   ambient capabilities, DAC_READ_SEARCH among them.
# custom:
#   id: DF-EBPF-006
#   met: >-
#     the agent runs as user 0 and `runAsNonRoot` is not true, or (not with `--profile strict`) its
#     systemd unit has DAC_READ_SEARCH or DAC_OVERRIDE as ambient capability
#   level: required
#   covers: [ebpf-root]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Remove `runAsUser` and `runAsNonRoot`, or set `securityContext.runAsUser: 0` on the agent's
#     container.
package dfpolicy.requirements.ebpf.root_user

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "root_user", _remedied(workload)) if {
	not capability.user(workload) in {null, 0}
} else := _remedied(workload)

_remedied(workload) := agent_changes.root(workload, form.remedied(workload, host_remedies.root, _user(workload)))

_user(workload) := result.pass(message.of(
	"the unit runs as user {user} with the ambient capabilities to read debugfs",
	{"user": value.shown(capability.user(workload))},
)) if {
	not capability.user(workload) in {null, 0}
	not settings.strict
	capability.reads_files(workload)
} else := result.losing(["AutoTracing"], result.violation(
	message.of("User is {user} and DAC_READ_SEARCH is no ambient capability, so debugfs is not readable", {"user": value.shown(capability.user(workload))}),
	_as_root(workload),
)) if {
	not capability.user(workload) in {null, 0}
	not capability.reads_files(workload)
	capability.ambient(workload, "SYS_ADMIN")
} else := result.violation(
	message.of("{field} is {user}", {"field": _user_field(workload), "user": value.shown(capability.user(workload))}),
	_as_root(workload),
) if {
	not capability.user(workload) in {null, 0}
} else := result.losing(["Agent start"], result.violation("runAsNonRoot is true, so the pod does not start", _as_root(workload))) if {
	_never_root(workload) == true
} else := result.pass("the unit runs as root") if {
	workload.form == "systemd"
} else := result.pass(message.of("{field} is 0", {"field": _user_field(workload)})) if {
	capability.user(workload) == 0
} else := result.pass("no user is set; the official image runs as root")

_user_field(workload) := form.words(workload, {"kubernetes": "runAsUser", "compose": "user", "systemd": "User"})

_as_root(workload) := form.words(workload, {
	"kubernetes": message.text("user 0 and no runAsNonRoot"),
	"compose": message.text("user root"),
	"systemd": message.text("user root"),
})

_never_root(workload) := value.at(
	workload.container,
	["securityContext", "runAsNonRoot"],
	value.at(workload.pod, ["securityContext", "runAsNonRoot"], false),
)
