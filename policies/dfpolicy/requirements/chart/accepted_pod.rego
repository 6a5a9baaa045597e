# METADATA
# title: The API server accepts the agent's workload
# description: >-
#   The API server validates every object. It refuses an invalid workload as a whole, so that no
#   agent runs.
# related_resources:
#   - description: Kubernetes documentation, Pod API reference
#     ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
# custom:
#   id: DF-CH-007
#   met: every checked field of the workload is valid
#   level: required
#   reads: [manifests]
#   impact: [Agent start]
#   remediation: >-
#     Correct the fields that the finding names. `kubectl apply --dry-run=server` shows the answer
#     of the API server without a change.
package dfpolicy.requirements.chart.accepted_pod

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.pod_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.valid_workload

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in _judged

_judged := [workload | some workload in agent.workloads; workload.form == "kubernetes"]

_verdict(workload) := pod_changes.accepted(workload, _accepted(valid_workload.findings(workload)))

_accepted(findings) := result.pass("every checked field is valid") if {
	count(findings) == 0
} else := result.violation(message.list(findings), "fields that the API server accepts")
