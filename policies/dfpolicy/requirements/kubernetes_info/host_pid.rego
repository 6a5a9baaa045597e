# METADATA
# title: The agent shares the host's process namespace
# description: >-
#   Without the host's process namespace, `/proc/1` is the container's own init process. The agent
#   then mistakes its own network namespace for the host's and finds no processes of other pods. It
#   reports no error.
# custom:
#   id: DF-K8S-001
#   met: >-
#     `hostPID` is true, or `pid: host` in Docker Compose
#   related: [DF-K8S-003, DF-NET-001]
#   conditional: [legacy-host, cloud-host]
#   level: required
#   covers: [k8s-host-pid]
#   impact: [AutoTagging, AutoTracing, AutoProfiling, AutoMetrics]
#   remediation: >-
#     Set `spec.template.spec.hostPID: true` on the agent's workload.
package dfpolicy.requirements.kubernetes_info.host_pid

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.confined

_verdict(workload) := agent_changes.host_pid(workload, form.remedied(workload, host_remedies.host_pid, _shared(workload)))

_shared(workload) := result.pass(form.words(workload, {"kubernetes": message.text("hostPID is true"), "compose": message.text("pid is host")})) if {
	value.true_at(workload.pod, "hostPID")
} else := result.violation("pid is not host", "pid is host") if {
	workload.form == "compose"
} else := result.violation(
	message.of("hostPID is {value}", {"value": value.shown(value.at(workload.pod, "hostPID", false))}),
	"hostPID is true",
)
