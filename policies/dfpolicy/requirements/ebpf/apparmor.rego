# METADATA
# title: AppArmor does not confine the agent
# description: >-
#   A container runtime's default AppArmor profile can deny ptrace and mounts. DeepFlow's
#   documentation does not mention AppArmor; the chart sets it.
# related_resources:
#   - description: DeepFlow chart, DaemonSet of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/templates/daemonset.yaml
# custom:
#   id: DF-EBPF-009
#   conditional: [legacy-host, cloud-host]
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set the annotation `container.apparmor.security.beta.kubernetes.io/<container>: unconfined`.
#     From Kubernetes 1.30, you can set `securityContext.appArmorProfile.type: Unconfined` instead.
package dfpolicy.requirements.ebpf.apparmor

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.contained

_verdict(workload) := agent_changes.unconfined(workload, "appArmorProfile", form.remedied(workload, host_remedies.apparmor, _found(workload)))

_found(one) := result.pass("the container is privileged") if {
	value.true_at(one.container, ["securityContext", "privileged"])
} else := result.pass(form.words(one, {
	"kubernetes": message.text("appArmorProfile is Unconfined"), "compose": message.text("security_opt has apparmor:unconfined"),
})) if {
	agent.profile(one, "appArmorProfile") == "Unconfined"
} else := result.violation("security_opt has no apparmor:unconfined", "apparmor:unconfined in security_opt") if {
	one.form == "compose"
} else := result.pass(message.of("the annotation {annotation} is unconfined", _of(one))) if {
	agent.profile(one, "appArmorProfile") == ""
	value.at(one.annotations, [_of(one).annotation], "") == "unconfined"
} else := result.violation(message.of("neither the annotation {annotation} nor appArmorProfile is unconfined", _of(one)), "the agent's container is unconfined")

_of(one) := {"annotation": $"container.apparmor.security.beta.kubernetes.io/{value.string_at(one.container, "name")}"}
