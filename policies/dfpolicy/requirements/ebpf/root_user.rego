# METADATA
# title: The agent runs as root
# description: >-
#   debugfs belongs to root with mode 0700, and capabilities are not effective in a process of
#   another user. `privileged` does not replace user 0.
# custom:
#   id: DF-EBPF-006
#   level: required
#   covers: [ebpf-root]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Leave out `runAsUser` and `runAsNonRoot`, or set `securityContext.runAsUser: 0` on the
#     agent's container.
package dfpolicy.requirements.ebpf.root_user

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := form.remedied(workload, host_remedies.root, _user(workload))

_user(workload) := result.violation(
	$"{_user_field(workload)} is {value.shown(capability.user(workload))}",
	_as_root(workload),
) if {
	not capability.user(workload) in {null, 0}
} else := result.losing(["Agent start"], result.violation("runAsNonRoot is true, so the pod does not start", _as_root(workload))) if {
	_never_root(workload) == true
} else := result.pass("the unit's user is root") if {
	workload.form == "systemd"
} else := result.pass($"{_user_field(workload)} is 0") if {
	capability.user(workload) == 0
} else := result.pass("the image's user, which is root in the official image")

_user_field(workload) := form.words(workload, {"kubernetes": "runAsUser", "compose": "user", "systemd": "User"})

_as_root(workload) := form.words(workload, {
	"kubernetes": "user 0, without runAsNonRoot",
	"compose": "the user root",
	"systemd": "the user root",
})

_never_root(workload) := value.at(
	workload.container,
	["securityContext", "runAsNonRoot"],
	value.at(workload.pod, ["securityContext", "runAsNonRoot"], false),
)
