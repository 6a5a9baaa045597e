# METADATA
# title: All-in-one
# description: What the trial installation on one machine needs of that machine.
# custom:
#   group: all-in-one
#   order: 10
#   modes: [all-in-one]
#   zh:
#     title: All-in-One
#     description: 在一台机器上部署体验环境时，对这台机器的要求。
package dfpolicy.requirements.all_in_one

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.image
import data.dfpolicy.lib.quantity
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: The machine has 4 CPUs and 8 GB of memory
# description: >-
#   Server, databases, Grafana and agent share one machine. On a smaller one the databases
#   run out of memory, and data is lost before it can be seen.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   id: DF-AIO-001
#   level: recommended
#   reads: [nodes]
#   impact: [All features]
#   remediation: >-
#     Use a machine with at least 4 CPUs and 8 GB of memory.
#   source: DOC-02
#   since: "0.1.0"
#   zh:
#     title: 机器具备 4 核 CPU 和 8 GB 内存
#     description: >-
#       Server、数据库、Grafana 和 Agent 共用一台机器。规格更低时，数据库会耗尽内存，数据还
#       来不及查看就已丢失。
#     remediation: >-
#       使用至少具备 4 核 CPU 和 8 GB 内存的机器。
#     related_resources:
#       - DeepFlow 文档：All-in-One 快速部署
results contains result.of(rego.metadata.chain(), facts.subject(node), _size(node)) if some node in facts.asked

_size(node) := result.violation(concat(", ", _shortages(node)), "4 CPUs and 8 GB of memory") if {
	count(_shortages(node)) > 0
} else := facts.unknown(node, "cpus", "the number of CPUs", "nproc --all") if {
	quantity.number(_capacity(node, "cpus")) == null
} else := facts.unknown(node, "memoryBytes", "the size of the memory", "grep MemTotal /proc/meminfo") if {
	quantity.number(_capacity(node, "memoryBytes")) == null
} else := result.pass($"{value.plain(_capacity(node, "cpus"))} CPUs, {_shown_memory(node)} of memory")

_capacity(node, fact) := value.at(node.spec, [fact], null)

# The kernel keeps some of the memory for itself, so 8 GB show as a little less.
_shortages(node) := array.flatten([
	[$"{value.plain(_capacity(node, "cpus"))} CPUs" |
		cpus := quantity.number(_capacity(node, "cpus"))
		cpus != null
		cpus < 4
	],
	[$"{_shown_memory(node)} of memory" |
		memory := quantity.number(_capacity(node, "memoryBytes"))
		memory != null
		memory < 7.5 * 1073741824
	],
])

_shown_memory(node) := $"{floor(quantity.number(_capacity(node, "memoryBytes")) / 1048576)} MiB"

# METADATA
# title: The server keeps its data on the machine's own disk
# description: >-
#   The all-in-one installation has no storage class to rely on: MySQL and ClickHouse write to
#   directories below `/opt` of the one node. A claim stays pending where nothing provides for
#   it, and the server does not start.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   id: DF-AIO-002
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `global.allInOneLocalStorage: true` in the values of the server's chart.
#   source: DOC-02
#   since: "0.1.0"
#   zh:
#     title: Server 的数据保存在机器的本地磁盘上
#     description: >-
#       All-in-One 部署没有可依赖的 Storage Class：MySQL 和 ClickHouse
#       将数据写入唯一节点上 `/opt` 下的目录。如果使用 PVC 而没有存储卷可供分配，PVC 会一直处于
#       Pending 状态，Server 无法启动。
#     remediation: >-
#       在 Server 的 Chart values 中设置
#       `global.allInOneLocalStorage: true`。
#     related_resources:
#       - DeepFlow 文档：All-in-One 快速部署
results contains result.of(rego.metadata.chain(), workload.subject, _local_storage(workload)) if some workload in server.asked

_local_storage(workload) := server.missing if {
	server.absent(workload)
} else := result.violation(result.abridged(_remote(workload)), _expected_storage) if {
	count(_remote(workload)) > 0
} else := result.at("recommended", result.violation(result.abridged(_astray(workload)), _expected_storage)) if {
	count(_astray(workload)) > 0
} else := result.unknown(
	$"where {concat(" and ", _unplaced(workload))} keep their data",
	$"kubectl get deployment,statefulset -n {workload.subject.namespace} -o yaml",
) if {
	count(_unplaced(workload)) > 0
} else := result.pass($"data lies at {concat(", ", sort({place.host_path | some place in server.data_places(workload)}))}") if {
	count(server.data_places(workload)) > 0
} else := result.pass("mysql and clickhouse are external")

_expected_storage := "a hostPath below /opt for the data of mysql and clickhouse"

_remote(workload) := [$"{place.path} of {server.shown(place.part)} is backed by {place.source}" |
	some place in server.data_places(workload)
	place.source != "hostPath"
]

_astray(workload) := [$"{place.path} of {server.shown(place.part)} is the host's {value.shown(place.host_path)}" |
	some place in server.data_places(workload)
	not regex.match(`^/opt/[^/.]`, place.host_path)
]

_unplaced(workload) := [role |
	some role in ["mysql", "clickhouse"]
	count(server.parts(workload, role)) == 0
	not server.external(workload, role)
]

# METADATA
# title: The machine admits the pods of server and agent
# description: >-
#   A one-node cluster is often its own control plane, whose taint keeps ordinary pods away:
#   they stay pending.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   id: DF-AIO-003
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start, All features]
#   remediation: >-
#     Remove the taint with `kubectl taint node NAME KEY-`, or add `tolerations` for it to
#     every workload of server and agent.
#   source: DOC-02
#   since: "0.1.0"
#   zh:
#     title: 机器允许调度 Server 和 Agent 的 Pod
#     description: >-
#       单节点集群的节点往往同时是控制平面，其污点会阻止普通 Pod 调度，使 Pod 一直处于 Pending
#       状态。
#     remediation: >-
#       使用 `kubectl taint node NAME KEY-` 移除该污点，或为 Server 和
#       Agent 的每个工作负载添加对应的 `tolerations`。
#     related_resources:
#       - DeepFlow 文档：All-in-One 快速部署
results contains result.of(rego.metadata.chain(), workload.subject, _admission(workload)) if some workload in server.asked

_admission(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	count(_nodes) == 0
} else := result.violation(
	$"no node takes {result.abridged(_stuck(workload))}{_shown(_taints)}",
	"a node without such taints, or tolerations",
) if {
	count(_stuck(workload)) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	some part in _inhabitants(workload)
	not _placed(part)
} else := result.pass($"each of {count(_inhabitants(workload))} workloads has a node")

_nodes := [node | some node in facts.nodes; not schedule.foreign(node)]

_inhabitants(workload) := array.concat(agent.collectors, [part |
	some role in ["deepflow-server", "deepflow-app", "mysql", "clickhouse", "byconity", "grafana"]
	some part in server.parts(workload, role)
])

_stuck(workload) := sort({server.shown(part) |
	some part in _inhabitants(workload)
	every node in _nodes {
		schedule.refused(part, node)
	}
})

_placed(part) if {
	some node in _nodes
	schedule.decidable(part, node)
	not schedule.refused(part, node)
}

_shown(texts) := $" ({result.abridged(texts)})" if {
	count(texts) > 0
} else := ""

_taints := sort({$"{value.string_at(taint, ["key"])}:{effect} on {node.name}" |
	some node in _nodes
	some taint in value.objects_at(node.spec, ["taints"])
	effect := value.string_at(taint, ["effect"])
	effect in {"NoSchedule", "NoExecute"}
})

# METADATA
# title: The data stays with the one node that has it
# description: >-
#   Local directories do not follow a pod. With a second node a pod of the databases can be
#   rescheduled there, and starts without its data.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   id: DF-AIO-004
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Use a cluster of one node, or install with a storage class (mode single-k8s).
#   source: SRV
#   since: "0.1.0"
#   zh:
#     title: 数据始终留在保存数据的唯一节点上
#     description: >-
#       本地目录不会随 Pod 迁移。集群中有第二个节点时，数据库的 Pod 可能被重新调度到该节点，启动时没有
#       原来的数据。
#     remediation: >-
#       使用单节点集群，或改用 Storage Class 安装（single-k8s 模式）。
#     related_resources:
#       - DeepFlow 文档：All-in-One 快速部署
results contains result.of(rego.metadata.chain(), workload.subject, _single_node(workload, _nodes)) if some workload in server.asked

_single_node(workload, nodes) := result.pass($"{nodes[0].name} is the only node") if {
	count(nodes) == 1
} else := server.missing if {
	server.absent(workload)
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(nodes) == 0
} else := result.pass("the data does not lie on nodes") if {
	count(_local_parts(workload)) == 0
} else := result.violation(
	$"{result.abridged(_movable(workload))} can run on any of {count(nodes)} nodes",
	"one node",
) if {
	count(_movable(workload)) > 0
} else := result.pass("mysql and clickhouse fit one node each")

_local_parts(workload) := {place.part | some place in server.data_places(workload); place.source == "hostPath"}

_movable(workload) := sort({server.shown(part) |
	some part in _local_parts(workload)
	count([1 | some node in _nodes; not schedule.refused(part, node)]) > 1
})

# METADATA
# title: The Compose project names its address and publishes the server's ports
# description: >-
#   Under Docker Compose the server tells agents the address it was given and cannot know
#   another. Agents reach it at ports 30033 and 30035, deepflow-ctl at 30417.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   id: DF-AIO-005
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `NODE_IP_FOR_DEEPFLOW` and `DEEPFLOW_VERSION` in the project's `.env`, and keep the
#     ports 20416, 20418, 20419, 30417, 30035, 30033 and 3000 published.
#   source: DOC-02
#   since: "0.1.0"
#   zh:
#     title: Compose 项目配置了自身的地址并发布 Server 的端口
#     description: >-
#       使用 Docker Compose 部署时，Server 只能将配置给它的地址告知 Agent，无从得知
#       其他地址。Agent 通过 30033 和 30035 端口访问 Server，deepflow-ctl
#       通过 30417 端口访问 Server。
#     remediation: >-
#       在项目的 `.env` 中设置 `NODE_IP_FOR_DEEPFLOW` 和
#       `DEEPFLOW_VERSION`，并保持发布
#       20416、20418、20419、30417、30035、30033 和 3000 端口。
#     related_resources:
#       - DeepFlow 文档：All-in-One 快速部署
results contains result.of(rego.metadata.chain(), _project_subject(project), _compose(project)) if some project in _projects

# Where there is none, one entry says so.
default _projects := [{}]

_projects := server.projects if count(server.projects) > 0

_project_subject(project) := {
	"apiVersion": value.string_at(project, ["apiVersion"]),
	"kind": "ComposeProject",
	"name": value.string_at(project, ["metadata", "name"]),
} if {
	project.spec
} else := {"kind": "Cluster", "name": "*"}

_compose(project) := result.pass("the server runs in Kubernetes") if {
	not project.spec
	count(server.workloads) > 0
} else := server.missing if {
	not project.spec
} else := result.violation(concat("; ", _faults(project)), "a real address, a version, and the ports published") if {
	count(_faults(project)) > 0
} else := result.unknown(concat(", ", _open(project)), "docker compose config") if {
	count(_open(project)) > 0
} else := result.at("recommended", result.violation(
	$"not published: {concat(", ", _unpublished(project, _other_ports))}",
	"ports 20416, 20418, 20419, 30417 and 3000 published",
)) if {
	count(_unpublished(project, _other_ports)) > 0
} else := result.pass($"the address is {_addresses(project)[0]}, and the ports are published")

_agent_ports := [30033, 30035]

_other_ports := [20416, 20418, 20419, 30417, 3000]

_services(project) := [service |
	some name in sort(object.keys(value.object_at(project, ["spec", "services"])))
	service := value.object_at(project, ["spec", "services", name])
]

_server_services(project) := [service |
	some service in _services(project)
	_repository(service) == "deepflow-server"
]

_repository(service) := image.repository_name(value.string_at(service, ["image"]))

_address_names := {"NODE_IP_FOR_DEEPFLOW", "K8S_NODE_IP_FOR_DEEPFLOW"}

# As an object, or as a list of NAME=VALUE.
_addresses(project) := array.flatten([
	[value.plain(given) |
		some service in _server_services(project)
		some name, given in value.object_at(service, ["environment"])
		_address_names[name]
		given != null
	],
	[substring(entry, indexof(entry, "=") + 1, -1) |
		some service in _server_services(project)
		some entry in value.strings_at(service, ["environment"])
		_address_names[split(entry, "=")[0]]
		contains(entry, "=")
	],
])

_faults(project) := array.flatten([
	["the server is given no address" |
		count(_addresses(project)) == 0
		count(_environment_files(project)) == 0
	],
	[$"the address is {value.shown(address)}" |
		some address in _addresses(project)
		_placeholder(address)
	],
	["the server's image has an empty tag" |
		some service in _server_services(project)
		endswith(value.string_at(service, ["image"]), ":")
	],
	[$"not published: {concat(", ", _unpublished(project, _agent_ports))}" |
		count(_unpublished(project, _agent_ports)) > 0
		count(_variable_ports(project)) == 0
	],
])

_placeholder(address) if {
	placeholders.found(address)
	not _variable(address)
}

_placeholder(address) if regex.match(`(?i)fix_?me`, address)

_environment_files(project) := [1 |
	some service in _server_services(project)
	value.at(service, ["env_file"], null) != null
]

# Compose puts the value of a variable in, which the file alone does not tell.
_variable(text) if regex.match(`\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_])`, text)

_open(project) := array.flatten([
	["the server's address, which is in a file of variables" | count(_addresses(project)) == 0],
	[$"the server's address, which is {address}" |
		some address in _addresses(project)
		_variable(address)
	],
	[$"the server's version, since its image is {reference}" |
		some service in _server_services(project)
		reference := value.string_at(service, ["image"])
		_variable(reference)
	],
	["the published ports, some of which are variables" |
		count(_variable_ports(project)) > 0
		count(_unpublished(project, _agent_ports)) > 0
	],
])

_variable_ports(project) := [entry |
	some service in _services(project)
	some entry in value.at(service, ["ports"], [])
	contains(value.plain(_published(entry)), "$")
]

_unpublished(project, wanted) := [format_int(port, 10) |
	not _on_host_network(project)
	some port in wanted
	every entry in _entries(project) {
		not _publishes(entry, port)
	}
]

_on_host_network(project) if {
	some service in _server_services(project)
	value.at(service, ["network_mode"], "") == "host"
}

_entries(project) := [entry |
	some service in _services(project)
	some entry in value.at(service, ["ports"], [])
]

# The part before the container's port, of the short form; the long form names it.
_published(entry) := value.at(entry, ["published"], "") if {
	is_object(entry)
} else := entry if {
	is_string(entry)
} else := ""

_publishes(entry, port) if {
	is_string(entry)
	some match in regex.find_all_string_submatch_n(`^(?:[0-9a-fA-F.:\[\]]+:)?([0-9]{1,5})(?:-([0-9]{1,5}))?:[0-9]+(?:-[0-9]+)?(?:/tcp)?$`, entry, 1)
	_within(port, match[1], match[2])
}

_publishes(entry, port) if {
	is_object(entry)
	value.at(entry, ["protocol"], "tcp") == "tcp"
	some match in regex.find_all_string_submatch_n(`^([0-9]{1,5})(?:-([0-9]{1,5}))?$`, value.plain(value.at(entry, ["published"], "")), 1)
	_within(port, match[1], match[2])
}

_within(port, first, "") if port == value.whole(first)

_within(port, first, last) if {
	last != ""
	port >= value.whole(first)
	port <= value.whole(last)
}
