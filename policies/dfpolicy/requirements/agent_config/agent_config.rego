# METADATA
# title: Agent configuration file
# description: What the agent makes of deepflow-agent.yaml.
# custom:
#   group: agent-config
#   order: 8
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   zh:
#     title: Agent 配置文件
#     description: Agent 如何解读 deepflow-agent.yaml。
package dfpolicy.requirements.agent_config

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.result
import data.dfpolicy.tables.config_keys

# METADATA
# title: Every key of the agent's configuration is known
# description: >-
#   The agent ignores a key that it does not know and says nothing, so a misspelt one leaves
#   its default in force.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CFG-001
#   level: recommended
#   reads: [manifests]
#   impact: [Agent configuration]
#   remediation: >-
#     Correct the key in `deepflow-agent.yaml`, or remove it.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 能够识别所有配置项
#     description: >-
#       Agent 会忽略无法识别的配置项，且没有任何提示，因此配置项拼写错误时，生效的仍是默认值。
#     remediation: >-
#       更正 `deepflow-agent.yaml` 中的配置项，或将其删除。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _keys(workload)) if some workload in agent.workloads

_keys(workload) := result.violation("the ConfigMap has no key deepflow-agent.yaml", "known keys only") if {
	agent_config.lacking(workload)
} else := agent_config.unknown(workload) if {
	not agent_config.entries(workload)
} else := result.pass($"{count(agent_config.entries(workload))} keys, all known") if {
	count(_strange(workload)) == 0
} else := result.violation(concat("; ", _strange(workload)), "known keys only")

_strange(workload) := [note |
	some entry in agent_config.entries(workload)
	not entry.key in config_keys.known
	note := $"{entry.key} is no key of the agent, the nearest is {config_keys.nearest(entry.key)}"
]

# METADATA
# title: The server's addresses are of one IP family
# description: >-
#   With IPv4 and IPv6 addresses together in `controller-ips` the agent stops at start.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CFG-002
#   level: required
#   reads: [manifests]
#   impact: [Agent start]
#   remediation: >-
#     List either IPv4 or IPv6 addresses in `controller-ips`, not both.
#   source: SRC
#   since: "0.1.0"
#   waivable: false
#   zh:
#     title: Server 的地址属于同一 IP 地址族
#     description: >-
#       `controller-ips` 中同时存在 IPv4 和 IPv6 地址时，Agent 会在启动时退出。
#     remediation: >-
#       在 `controller-ips` 中只填写 IPv4 地址或只填写 IPv6 地址，不要混用。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _families(workload)) if some workload in agent.workloads

_families(workload) := result.violation("the ConfigMap has no key deepflow-agent.yaml", _one_family) if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := result.pass("no address is given") if {
	count(agent_config.controllers(workload)) == 0
} else := result.violation("controller-ips holds IPv4 and IPv6 addresses", _one_family) if {
	count(_literal_families(workload)) > 1
} else := result.pass($"controller-ips is {concat(", ", agent_config.controllers(workload))}")

_one_family := "addresses of one IP family"

_literal_families(workload) := {family |
	some address in agent_config.controllers(workload)
	family := agent_config.family(address)
	family != "name"
}
