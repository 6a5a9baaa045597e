# METADATA
# title: Server in Kubernetes
# description: What the server beside the agents needs of its cluster, and what agents need of it.
# custom:
#   group: single-k8s
#   order: 11
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   zh:
#     title: K8s 中的 Server
#     description: >-
#       与 Agent 一同部署的 Server 对所在集群的要求，以及 Agent 对 Server 的要求。
package dfpolicy.requirements.single_k8s

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Volumes of the server's databases are provided for
# description: >-
#   MySQL and ClickHouse claim volumes of the default storage class, or of the one that
#   `global.storageClass` names. Where there is no such class the claims stay pending, and a
#   directory of a node is lost when the pod moves to another.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   id: DF-SK-001
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Server connection, All features]
#   remediation: >-
#     Mark a StorageClass as default, or set `global.storageClass` to the name of one that
#     exists.
#   source: DOC-03
#   since: "0.1.0"
#   modes: [single-k8s]
#   zh:
#     title: Server 的数据库有可用的存储卷
#     description: >-
#       MySQL 和 ClickHouse 通过 PVC 申请存储卷，使用默认的 Storage Class 或
#       `global.storageClass` 指定的 Storage Class。没有这样的 Storage
#       Class 时，PVC 会一直处于 Pending 状态；如果使用节点上的目录，Pod 迁移到其他节点后
#       数据就会丢失。
#     remediation: >-
#       将某个 Storage Class 标记为默认，或将 `global.storageClass` 设为已有
#       Storage Class 的名称。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
results contains result.of(rego.metadata.chain(), workload.subject, _storage(workload)) if some workload in server.asked

_storage(workload) := server.missing if {
	server.absent(workload)
} else := result.violation(
	result.abridged(_homeless(workload)),
	"a volume claim of a storage class that exists",
) if {
	count(_homeless(workload)) > 0
} else := result.unknown(
	$"{result.abridged(_undecided(workload))}{settings.refusal("storageclasses")}",
	"kubectl get storageclass,pvc -A -o yaml",
) if {
	count(_undecided(workload)) > 0
} else := result.pass(result.abridged(sort({_provision(place) | some place in server.data_places(workload)}))) if {
	count(server.data_places(workload)) > 0
} else := result.pass("mysql and clickhouse are external")

_homeless(workload) := [$"{place.path} of {server.shown(place.part)} {fault}" |
	some place in server.data_places(workload)
	fault := _fault(place)
]

_fault(place) := $"is backed by {place.source}, which does not outlive the pod" if {
	not place.source in {"persistentVolumeClaim", "hostPath", "nfs", "csi", "iscsi", "cephfs", "rbd", "fc"}
} else := $"is the host's {value.shown(place.host_path)}, and the pod can run on any node" if {
	place.source == "hostPath"
	not _pinned(place.part)
} else := $"claims the storage class {_class(place)}, which does not exist" if {
	_absent_class(_class(place))
} else := "claims the default storage class, and there is none" if {
	_wants_default(place)
	_no_default
}

_pinned(part) if count(value.object_at(part.pod, ["nodeSelector"])) > 0

_pinned(part) if value.string_at(part.pod, ["nodeName"]) != ""

_pinned(part) if {
	required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]
	count(value.objects_at(part.pod, required)) > 0
}

# Of a claim: its class by name, empty where it has none or is not known.
_class(place) := value.plain(value.at(place.claim, ["storageClassName"], "")) if {
	place.claim != null
} else := ""

_wants_default(place) if {
	place.claim != null
	value.at(place.claim, ["storageClassName"], null) == null
}

_undecided(workload) := array.concat(
	[$"where {role} keeps its data" |
		some role in ["mysql", "clickhouse"]
		count(server.parts(workload, role)) == 0
		not _elsewhere(workload, role)
	],
	sort({question |
		some place in server.data_places(workload)
		question := _question(place)
	}),
)

_elsewhere(workload, role) if server.external(workload, role)

_elsewhere(workload, "clickhouse") if count(server.parts(workload, "byconity")) > 0

_question(place) := $"the volume claim of {server.shown(place.part)}" if {
	place.source == "persistentVolumeClaim"
	place.claim == null
} else := $"whether the storage class {_class(place)} exists" if {
	_class(place) != ""
	not _classes[_class(place)]
} else := "whether the cluster has a default storage class" if {
	_wants_default(place)
	count(_defaults) == 0
} else := $"whether a volume is there for {server.shown(place.part)}, whose claim takes no storage class" if {
	place.claim != null
	value.at(place.claim, ["storageClassName"], null) == ""
}

_provision(place) := $"{server.shown(place.part)} claims the storage class {_class(place)}" if {
	_class(place) != ""
} else := $"{server.shown(place.part)} claims the default storage class {_defaults[0]}" if {
	_wants_default(place)
} else := $"{server.shown(place.part)} keeps its data in {place.source}"

_class_objects := [resource |
	some resource in settings.resources
	resource.kind == "StorageClass"
]

_classes := {name |
	some name in array.concat(
		[value.string_at(resource, ["metadata", "name"]) | some resource in _class_objects],
		value.strings_at(settings.cluster, ["storageClasses"]),
	)
}

# Objects come as a whole, from `kubectl get storageclass`.
_classes_known if count(_class_objects) > 0

_classes_known if is_array(value.at(settings.cluster, ["storageClasses"], null))

_absent_class(name) if {
	name != ""
	_classes_known
	not _classes[name]
}

# A list of names does not tell which one is the default, unless it is empty.
_no_default if {
	_classes_known
	count(_classes) == 0
}

_no_default if {
	count(_class_objects) > 0
	count(_defaults) == 0
}

_defaults := sort({name |
	some resource in _class_objects
	some key in [
		"storageclass.kubernetes.io/is-default-class",
		"storageclass.beta.kubernetes.io/is-default-class",
	]
	value.at(resource, ["metadata", "annotations", key], "") == "true"
	name := value.string_at(resource, ["metadata", "name"])
})

# METADATA
# title: The server is installed with all its parts
# description: >-
#   An agent without deepflow-server sends nothing. The server needs MySQL and ClickHouse, here
#   or elsewhere; deepflow-app puts traces together, and Grafana shows them.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   id: DF-SK-002
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Install the chart `deepflow` with `deepflow-agent.enabled`, `mysql.enabled`,
#     `clickhouse.enabled` and `grafana.enabled`, or configure external databases.
#   source: DOC-03
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s]
#   zh:
#     title: Server 的所有组件均已安装
#     description: >-
#       没有 deepflow-server，Agent 不会发送任何数据。Server 依赖 MySQL 和
#       ClickHouse，二者可以部署在本集群或其他位置；deepflow-app 负责拼接
#       追踪数据，Grafana 负责展示。
#     remediation: >-
#       安装 Chart `deepflow`，启用 `deepflow-agent.enabled` 和
#       `grafana.enabled`；数据库可启用 `mysql.enabled` 和
#       `clickhouse.enabled`，也可配置外部数据库。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
results contains result.of(rego.metadata.chain(), workload.subject, _release(workload)) if some workload in server.asked

_release(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	$"where {concat(", ", _elsewhere_perhaps(workload))} run",
	$"kubectl get deployments,statefulsets,daemonsets -n {workload.subject.namespace} -o yaml",
) if {
	count(_elsewhere_perhaps(workload)) > 0
} else := result.violation($"no {concat(", no ", _lacking(workload))}", _whole) if {
	count(_lacking(workload)) > 0
} else := result.unknown(
	"where clickhouse runs, since StatefulSets were not collected",
	$"kubectl get statefulset -n {workload.subject.namespace} -o yaml",
) if {
	not _run(workload, "clickhouse")
} else := result.at("recommended", result.violation("no grafana", _whole)) if {
	count(server.parts(workload, "grafana")) == 0
} else := result.pass(concat(", ", array.flatten([
	"deepflow-server",
	"deepflow-app",
	[_shown_database(workload, role) | some role in ["mysql", "clickhouse"]],
	"grafana",
	"agent",
])))

_whole := "deepflow-server, deepflow-app, mysql, clickhouse, grafana and the agent"

_elsewhere_perhaps(workload) := array.concat(
	_lacking(workload),
	["grafana" | count(server.parts(workload, "grafana")) == 0],
) if {
	settings.partial
} else := []

_lacking(workload) := array.flatten([
	[role |
		some role in ["deepflow-app", "mysql", "clickhouse"]
		not _run(workload, role)
		not _uncollected(role)
	],
	["agent" | count(agent.workloads) == 0],
])

_run(workload, role) if count(server.parts(workload, role)) > 0

_run(workload, role) if _elsewhere(workload, role)

# The collector reads no StatefulSets.
_uncollected("clickhouse") if {
	count(settings.cluster) > 0
	count([1 | some resource in settings.resources; resource.kind == "StatefulSet"]) == 0
}

_shown_database(workload, role) := role if {
	count(server.parts(workload, role)) > 0
} else := server.external(workload, role) if {
	server.external(workload, role)
} else := "byconity"

# METADATA
# title: The server's ports are open to the agents
# description: >-
#   Agents get their configuration at port 30035 and send their data to port 30033, both TCP.
#   In the server's own cluster its Service answers there, from elsewhere the ports of the nodes.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
#   - description: DeepFlow documentation, deployment on cloud hosts
#     ref: https://deepflow.io/docs/ce-install/cloud-host/
# custom:
#   id: DF-SK-003
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Keep the ports 30033 and 30035 of the Service `deepflow-server`, with `nodePort` of the
#     same numbers, or change `controller-port` of every agent and `ingester_port` of the agent
#     groups along with them.
#   source: SRV
#   since: "0.1.0"
#   zh:
#     title: Server 的端口对 Agent 开放
#     description: >-
#       Agent 通过 30035 端口获取配置，向 30033 端口发送数据，均使用 TCP。Server
#       所在集群内的 Agent 访问其 Service 的端口，其他位置的 Agent 访问节点的端口。
#     remediation: >-
#       保留 Service `deepflow-server` 的 30033 和 30035 端口，并使
#       `nodePort` 与之相同；如果要修改，则同步修改每个 Agent 的
#       `controller-port` 和采集器组的 `ingester_port`。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
#       - DeepFlow 文档：监控云服务器
results contains result.of(rego.metadata.chain(), workload.subject, _ports(workload)) if some workload in _listening

# With agents in other places than the server's own cluster, only a server that is given is asked.
_listening := server.asked if {
	settings.mode in {"all-in-one", "single-k8s"}
} else := server.workloads

_ports(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	"the Service of the server",
	$"kubectl get service -n {workload.subject.namespace} deepflow-server -o yaml",
) if {
	_services_uncertain(workload)
} else := _unopened(_closed(workload)) if {
	count(_closed(workload)) > 0
} else := result.pass($"the ports {concat(", ", _wanted_shown)} are open in the cluster and on its nodes") if {
	count(_inward(workload)) == 0
} else := result.at("recommended", _unopened(_inward(workload))) if {
	settings.mode in {"all-in-one", "single-k8s"}
} else := _unopened(_inward(workload))

_unopened(faults) := result.violation(
	result.abridged(faults),
	$"a Service of the server with the TCP ports and nodePorts {concat(" and ", _wanted_shown)}",
)

# The collector reads no Services.
_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	not server.stated_services(workload)
}

_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	count(settings.cluster) > 0
}

# What the agents of the input are told, else the defaults.
_wanted := sort(_control_ports | _data_ports)

_wanted_shown := [format_int(port, 10) | some port in _wanted]

default _control_ports := {30035}

_control_ports := {_control_port(workload) | some workload in agent.workloads} if count(agent.workloads) > 0

_control_port(workload) := ports[0] if {
	ports := [value.whole(given) |
		some given in agent_config.values(workload, "controller-port")
		is_string(given)
		regex.match(`^[0-9]{1,5}$`, given)
	]
	count(ports) > 0
} else := 30035

default _data_ports := {30033}

_data_ports := {_data_port(workload) | some workload in agent.workloads} if count(agent.workloads) > 0

_data_port(workload) := port if {
	port := value.at(agent_group.configuration(workload), ["global", "communication", "ingester_port"], null)
	is_number(port)
	port == floor(port)
} else := 30033

_closed(workload) := ["no Service selects the server's pods" | count(server.services(workload)) == 0] if {
	count(server.services(workload)) == 0
} else := [$"no Service of the server has the TCP port {format_int(port, 10)}" |
	some port in _wanted
	every entry in _entries(workload) {
		not _answers(entry, port)
	}
]

_inward(workload) := [$"the TCP port {format_int(port, 10)} is no port of the nodes" |
	some port in _wanted
	every entry in _entries(workload) {
		not _exposes(entry, port)
	}
]

_entries(workload) := [{"type": value.at(service, ["spec", "type"], "ClusterIP"), "port": port} |
	some service in server.services(workload)
	some port in value.objects_at(service, ["spec", "ports"])
	value.at(port, ["protocol"], "TCP") == "TCP"
]

_answers(entry, port) if value.at(entry.port, ["port"], 0) == port

_exposes(entry, port) if {
	entry.type in {"NodePort", "LoadBalancer"}
	value.at(entry.port, ["nodePort"], 0) == port
}

_exposes(entry, port) if {
	entry.type == "LoadBalancer"
	_answers(entry, port)
}

# Within the cluster agents may be told the ports of the pods, which no node can have.
_exposes(_, port) if port in {20033, 20035}

# METADATA
# title: Each replica of server and ClickHouse has a node
# description: >-
#   Two replicas of the server, or of ClickHouse, never share a node. With more replicas than
#   nodes that admit them the surplus stays pending.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   id: DF-SK-004
#   level: required
#   reads: [manifests, nodes]
#   impact: [Server connection]
#   remediation: >-
#     Set `global.replicas` to at most the number of nodes that the pods can run on.
#   source: SRV
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s]
#   zh:
#     title: Server 和 ClickHouse 的每个副本都有可用的节点
#     description: >-
#       Server 的任意两个副本不会共用一个节点，ClickHouse 也是如此。副本数超过可接纳这些副本的
#       节点数时，多出的副本会一直处于 Pending 状态。
#     remediation: >-
#       将 `global.replicas` 设为不超过这些 Pod 可运行的节点数。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
results contains result.of(rego.metadata.chain(), workload.subject, _replicas(workload, _rooms[workload.subject])) if some workload in _replicated

_replicated := array.concat(server.asked, [part |
	some workload in server.workloads
	some part in server.parts(workload, "clickhouse")
])

_replicas(workload, room) := server.missing if {
	server.absent(workload)
} else := result.violation($"replicas is {value.shown(workload.replicas)}", "at least one replica") if {
	not _whole_number(workload.replicas)
} else := result.pass("replicas is 1") if {
	workload.replicas == 1
	room.nodes == 0
} else := result.pass($"replicas is {workload.replicas}, and they may share a node") if {
	workload.replicas > 1
	not _exclusive(workload)
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	room.nodes == 0
} else := result.violation(_compared(workload, room), "a node for each replica") if {
	room.possible < workload.replicas
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	room.certain < workload.replicas
} else := result.pass(_compared(workload, room))

_compared(workload, room) := $"replicas is {workload.replicas}, and {room.possible} of {room.nodes} nodes can take one"

_whole_number(replicas) if {
	is_number(replicas)
	replicas == floor(replicas)
	replicas > 0
}

_nodes := [node | some node in facts.nodes; not schedule.foreign(node)]

# Counted once for each workload, since a cluster may have thousands of nodes.
_rooms := value.indexed([[workload.subject, room] |
	some workload in _replicated
	possible := [node | not server.absent(workload); some node in _nodes; not schedule.refused(workload, node)]
	room := {
		"nodes": count(_nodes),
		"possible": count(possible),
		"certain": count([1 | some node in possible; schedule.decidable(workload, node)]),
	}
])

# A required anti-affinity by host against the pods of the workload itself.
_exclusive(workload) if {
	required := ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]
	some term in value.objects_at(workload.pod, required)
	value.at(term, ["topologyKey"], "") == "kubernetes.io/hostname"
}

_exclusive(workload) if value.true_at(workload.pod, ["hostNetwork"])
