# METADATA
# title: The agent can enter other network namespaces
# description: >-
#   With SYS_ADMIN, the agent enters the network namespaces of pods. Without it, the agent detects
#   interfaces and addresses from ARP and ICMPv6 packets only. With `hostNetwork: false`, it does
#   not start at all.
# custom:
#   id: DF-K8S-002
#   met: the agent's container has the capability SYS_ADMIN
#   related: [DF-EBPF-002]
#   level: recommended
#   covers: [k8s-sys-admin, k8s-sys-admin-absent]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `SYS_ADMIN` to `securityContext.capabilities.add` of the agent's container. `BPF` and
#     `PERFMON` do not replace it here.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.kubernetes_info.network_namespaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := probe.of_agent(workload, "network_namespaces", _stated(workload))

_stated(workload) := result.following("DF-EBPF-002", _entering(workload))

_entering(workload) := verdict if {
	verdict := capability.verdict(workload, "SYS_ADMIN")
	verdict.outcome == "pass"
} else := capability.verdict(workload, "SYS_ADMIN") if {
	value.true_at(workload.pod, "hostNetwork")
} else := result.at("required", agent_changes.entering(workload, result.losing(["Agent start"], capability.verdict(workload, "SYS_ADMIN"))))
