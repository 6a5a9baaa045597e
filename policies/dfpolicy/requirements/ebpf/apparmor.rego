# METADATA
# title: AppArmor does not confine the agent
# description: >-
#   A runtime's default AppArmor profile can deny ptrace and mounts. The overview page does not
#   name it; the chart sets it.
# custom:
#   id: DF-EBPF-009
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set the annotation `container.apparmor.security.beta.kubernetes.io/<container>: unconfined`
#     or, from Kubernetes 1.30 on, `securityContext.appArmorProfile.type: Unconfined`.
#   source: CHART
package dfpolicy.requirements.ebpf.apparmor

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.contained

_verdict(workload) := form.remedied(workload, host_remedies.apparmor, _unconfined(workload))

_unconfined(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass(form.words(workload, {
	"kubernetes": "appArmorProfile is Unconfined",
	"compose": "security_opt holds apparmor:unconfined",
})) if {
	agent.profile(workload, "appArmorProfile") == "Unconfined"
} else := result.violation("security_opt does not hold apparmor:unconfined", "apparmor:unconfined in security_opt") if {
	workload.form == "compose"
} else := result.pass($"the annotation {_apparmor_key(workload)} is unconfined") if {
	agent.profile(workload, "appArmorProfile") == ""
	value.at(workload.annotations, [_apparmor_key(workload)], "") == "unconfined"
} else := result.violation(
	$"neither the annotation {_apparmor_key(workload)} nor appArmorProfile says unconfined",
	"AppArmor unconfined for the agent's container",
)

_apparmor_key(workload) := concat("/", [
	"container.apparmor.security.beta.kubernetes.io",
	value.string_at(workload.container, ["name"]),
])
