# METADATA
# title: The namespace admits the agent's privileges
# description: >-
#   At the levels baseline and restricted, Pod Security admission refuses host namespaces, hostPath
#   volumes and added capabilities. No agent pod is created, and only the events of the DaemonSet
#   show it. A namespace without a label gets the cluster's default, which is baseline on Talos.
# related_resources:
#   - description: Kubernetes documentation, Pod Security Admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
# custom:
#   id: DF-CH-003
#   met: the namespace enforces no Pod Security level, or one that admits the agent
#   level: recommended
#   reads: [manifests, nodes, cluster]
#   impact: [Agent start]
#   remediation: >-
#     Label the namespace `pod-security.kubernetes.io/enforce: privileged`.
package dfpolicy.requirements.chart.pod_security

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.platform
import data.dfpolicy.lib.pod_security
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), _namespace_subject(name), _verdict(name)) if some name, _ in _inhabited

_inhabited[workload.subject.namespace] contains workload if some workload in agent.collectors

_namespace_subject(name) := {"apiVersion": "v1", "kind": "Namespace", "name": name}

_verdict(name) := result.unknown(
	message.of("the Pod Security level of the namespace {name}", {"name": name}),
	$"kubectl get namespace {result.word(name)} -o yaml",
) if {
	_enforced(name) == null
} else := result.unknown(
	message.of("the default Pod Security level of the cluster (the namespace {name} has no label, and {platform} sets one)", {
		"name": name,
		"platform": platform.pod_security_default,
	}),
	$"kubectl run psa-test -n {result.word(name)} --image=pause --privileged --dry-run=server",
) if {
	_enforced(name) == ""
	platform.pod_security_default
} else := result.pass("no Pod Security level is enforced") if {
	_enforced(name) == ""
} else := result.pass("level privileged is enforced") if {
	_enforced(name) == "privileged"
} else := result.pass(message.of(
	"level {level} is enforced and admits the agent",
	{"level": value.plain(_enforced(name))},
)) if {
	count(_refusals(name)) == 0
} else := result.at("required", placement_changes.admitting(_namespace_subject(name), _given(name), result.violation(
	message.of(
		"Pod Security level {level} refuses the agent: {refusals}",
		{"level": value.plain(_enforced(name)), "refusals": _few(_refusals(name))},
	),
	"`pod-security.kubernetes.io/enforce: privileged`, or no such label",
)))

_few(refusals) := message.excerpt(array.slice(refusals, 0, 3), count(refusals))

_given(name) if {
	_namespace(name)
} else := false

_refusals(name) := sort({refusal |
	some workload in _inhabited[name]
	template := {"metadata": {"annotations": workload.annotations}, "spec": workload.pod}
	version := pod_security.version(_namespace_label(name, "enforce-version"))
	some refusal in pod_security.refusals(_enforced(name), version, template)
})

_namespace_label(name, key) := value.at(
	_namespace(name),
	["metadata", "labels", $"pod-security.kubernetes.io/{key}"],
	"",
) if {
	_namespace(name)
} else := ""

_enforced(name) := level if {
	_namespace(name)
	level := _namespace_label(name, "enforce")
} else := value.at(settings.cluster, ["podSecurity", name, "enforce"], null)

# Of two documents the last one counts, as it does for `kubectl apply`.
_namespace(name) := _namespaces[name]

_namespaces := value.indexed([[name, resource] |
	some resource in settings.resources
	resource.kind == "Namespace"
	name := value.string_at(resource, ["metadata", "name"])
])
