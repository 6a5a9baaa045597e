# METADATA
# title: The server and its components
# description: >-
#   The workloads of the server, as `lib/recognition` finds them, and of its components, found by
#   image repository or labels. From the server's own configuration file it reads two settings.
package dfpolicy.lib.server_release

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.compose_server
import data.dfpolicy.lib.config_map
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload
import data.dfpolicy.tables.placeholders

# METADATA
# title: Servers
# description: >-
#   The workloads that run deepflow-server, each {subject, pod, labels, replicas, container,
#   templates}. The templates are the volume claim templates of a StatefulSet.
workloads := [part | some part in _parts; part.roles["deepflow-server"]]

# METADATA
# scope: document
# title: Servers to check
# description: >-
#   The servers. If there is none and an agent needs one, one entry represents the unknown server of the cluster, so that
#   each requirement for the server has a result.
default asked := [{"subject": {"kind": "Cluster", "name": "*"}}]

asked := workloads if {
	count(workloads) > 0
} else := [] if {
	_unneeded
}

_unneeded if {
	count(workloads) + count(_projects) == 0
	count(agent.workloads) > 0
	count(agent.managed) == 0
}

# METADATA
# title: Server that is not in the input
# description: True for the entry that represents the unknown server.
absent(server) if server.subject.kind == "Cluster"

# METADATA
# title: Verdict on a server that is not in the input
# description: >-
#   A pass if Docker Compose runs the server, because it needs nothing from a cluster; else unknown.
missing := result.pass(message.of("Docker Compose runs the server (project {project})", {"project": project})) if {
	project := value.string_at(_projects[0], ["metadata", "name"])
} else := result.following("no-server", result.unknown(
	"the DeepFlow server (not in the input)",
	$"kubectl get deploy -n {result.word(_namespace)} deepflow-server -o yaml",
))

_projects := [project |
	some name in sort([name | some name, _ in _by_name])
	project := _by_name[name]
]

_by_name := value.indexed([[value.string_at(resource, ["metadata", "name"]), resource] |
	some resource in settings.resources
	resource.kind == "ComposeProject"
	startswith(value.string_at(resource, "apiVersion"), "dfpolicy.dev/")
	some service in value.object_at(resource, ["spec", "services"])
	image.of_component(value.string_at(service, "image"), "deepflow-server")
])

# METADATA
# scope: document
# title: Compose projects to check
# description: The Compose projects of the server, else one empty entry if an agent needs a server.
default projects_asked := [{}]

projects_asked := _projects if {
	count(_projects) > 0
} else := [] if {
	_unneeded
}

# METADATA
# title: Servers of an all-in-one deployment in Docker Compose
# description: The Compose projects of the server if the mode is all-in-one, else none.
composed := [project | settings.modes["all-in-one"]; some project in _projects]

# METADATA
# title: Summary
# description: The entry of each of these servers in the report.
summary := [{
	"subject": {"apiVersion": project.apiVersion, "kind": project.kind, "name": value.string_at(project, ["metadata", "name"])},
	"role": "server",
	"image": reference,
	"version": image.version_text(image.version(reference)),
} |
	some project in composed
	reference := value.string_at(compose_server.services(project)[0], "image")
]

# METADATA
# title: Components of a release
# description: >-
#   The workloads with a role in the server's namespace. Roles are deepflow-app, mysql, clickhouse,
#   byconity and grafana.
parts(server, role) := [part |
	some part in _parts
	part.subject.namespace == server.subject.namespace
	part.roles[role]
]

# METADATA
# title: Name
# description: Kind and name of a component, as results show it.
shown(part) := $"{part.subject.kind} {part.subject.name}"

# Without a server in the input, search in the agent's namespace.
_namespace := min(namespaces) if {
	namespaces := {found.subject.namespace | some found in agent.workloads}
	count(namespaces) > 0
} else := identity.release_namespace

_parts := [row[1] |
	some row in sort([[[part.subject.namespace, part.subject.kind, part.subject.name], part] |
		some resource in settings.resources
		value.string_at(resource, "kind") in {"CloneSet", "Deployment", "DeploymentConfig", "Rollout", "StatefulSet"}
		template := workload.template(resource)
		roles := _roles(resource, template)
		count(roles) > 0
		part := _part(resource, template, roles)
	])
]

_part(resource, template, roles) := {
	"subject": identity.subject(resource),
	"roles": roles,
	"labels": value.object_at(template, ["metadata", "labels"]),
	"pod": value.object_at(template, "spec"),
	"container": _container(template, roles),
	"replicas": value.at(resource, ["spec", "replicas"], 1),
	"templates": value.objects_at(resource, ["spec", "volumeClaimTemplates"]),
}

_repositories := {
	"deepflow-app": "deepflow-app",
	"mysql": "mysql",
	"clickhouse": "clickhouse",
	"clickhouse-server": "clickhouse",
	"byconity": "byconity",
	"grafana": "grafana",
}

_roles(resource, template) := (_by_image(template) | {"deepflow-server" | _servers[identity.subject(resource)]}) | {role |
	some holder in [resource, template]
	labels := value.object_at(holder, ["metadata", "labels"])
	role := _by_labels(labels)
}

_servers := {identity.subject(found.resource): true | some found in recognition.servers}

_by_image(template) := {role |
	some container in workload.containers(template)
	role := _role(container)
}

_role(container) := _repositories[image.repository_name(value.string_at(container, "image"))]

_by_labels(labels) := role if {
	value.at(labels, "app", "") == "deepflow"
	role := value.string_at(labels, "component")
	_known[role]
} else := role if {
	role := value.string_at(labels, "app.kubernetes.io/name")
	_known[role]
}

_known := {role | some role in _repositories}

# The container that gives the workload its role, else the first.
_container(template, roles) := recognition.components(template, "deepflow-server")[0] if {
	roles["deepflow-server"]
} else := containers[0] if {
	containers := array.concat(
		[container | some container in workload.containers(template); roles[_role(container)]],
		workload.containers(template),
	)
	count(containers) > 0
} else := {}

_server_file := "server.yaml"

# METADATA
# scope: document
# title: External database
# description: >-
#   The database as results show it, if the server's own configuration says that mysql or
#   clickhouse is external; else undefined.
external(server, "mysql") := message.of("mysql (external, at {host})", {"host": host}) if {
	some host in _mysql_hosts(server)
	_elsewhere(host)
	not placeholders.found(host)
}

external(server, "clickhouse") := message.text("clickhouse (external)") if {
	count(_found(server, `(?:^|\n) +ckdb: *\n(?: {4,}[^\n]*\n)*? {4,}external: *(true)\b`)) > 0
}

# METADATA
# title: Placeholder of an external database
# description: The address of an external MySQL in the server's configuration that is a placeholder; undefined if there is none.
exemplary_host(server) := hosts[0] if {
	hosts := [host | some host in _mysql_hosts(server); _elsewhere(host); placeholders.found(host)]
	count(hosts) > 0
}

_mysql_hosts(server) := _found(server, `(?:^|\n) +mysql: *\n(?: {4,}[^\n]*\n)*? {4,}host: *["']?([^\s"'#]+)`)

_elsewhere(host) if agent_config.literal(host)

_elsewhere(host) if {
	contains(host, ".")
	not regex.match(`\.svc(\.|$)`, host)
}

_found(server, pattern) := [match[1] |
	volume := mount.volume(server, mount.over(server, $"/etc/{_server_file}"))
	map := config_map.of(server, server.subject.namespace, value.string_at(volume, ["configMap", "name"]))
	some match in regex.find_all_string_submatch_n(pattern, value.string_at(map, ["data", _server_file]), 1)
]

_claims := value.indexed([[[identity.namespace(resource), name], resource] |
	some resource in settings.resources
	resource.kind == "PersistentVolumeClaim"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
])

# METADATA
# title: Data directories
# description: >-
#   The data directories of MySQL and ClickHouse, each {part, path, source, host_path, claim}. The
#   source is the type of the volume (persistentVolumeClaim, hostPath, emptyDir, …) or `nothing`.
#   The claim is the spec of the volume claim, null if it is not in the input.
data_places(server) := [object.union({"part": part, "path": path}, _backing(part, path)) |
	some [role, path, optional] in [
		["mysql", "/var/lib/mysql", false],
		["clickhouse", "/var/lib/clickhouse", false],
		["clickhouse", "/var/lib/clickhouse_storage", true],
	]
	some part in parts(server, role)
	_asked(part, path, optional)
]

_asked(_, _, false)

_asked(part, path, true) if mount.over(part, path)

_backing(part, path) := {"source": "persistentVolumeClaim", "host_path": "", "claim": value.object_at(template, "spec")} if {
	mounted := mount.over(part, path)
	some template in part.templates
	value.at(template, ["metadata", "name"], "") == value.at(mounted, "name", null)
} else := {"source": "persistentVolumeClaim", "host_path": "", "claim": _claim(part, name)} if {
	volume := mount.volume(part, mount.over(part, path))
	volume.persistentVolumeClaim
	name := value.string_at(volume, ["persistentVolumeClaim", "claimName"])
} else := {"source": source, "host_path": value.string_at(volume, ["hostPath", "path"]), "claim": null} if {
	volume := mount.volume(part, mount.over(part, path))
	source := min([key | some key, _ in volume; key != "name"])
} else := {"source": "nothing", "host_path": "", "claim": null}

_claim(part, name) := value.object_at(_claims[[part.subject.namespace, name]], "spec") if {
	_claims[[part.subject.namespace, name]]
} else := null

# METADATA
# scope: document
# title: Pinned component
# description: True if the pod of the component can run on selected nodes only.
pinned(part) if count(value.object_at(part.pod, "nodeSelector")) > 0

pinned(part) if value.string_at(part.pod, "nodeName") != ""

pinned(part) if {
	required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]
	count(value.objects_at(part.pod, required)) > 0
}

# METADATA
# title: Services
# description: The Services that select the server's pods, sorted by name.
services(server) := [row[1] |
	some row in sort([[value.string_at(service, ["metadata", "name"]), service] |
		some service in _services
		identity.namespace(service) == server.subject.namespace
		selector := value.object_at(service, ["spec", "selector"])
		count(selector) > 0
		object.union(server.labels, selector) == server.labels
	])
]

# METADATA
# title: Namespace has Services
# description: True if the input has a Service in the server's namespace.
stated_services(server) if {
	some service in _services
	identity.namespace(service) == server.subject.namespace
}

_services := [resource | some resource in settings.resources; resource.kind == "Service"]

# METADATA
# scope: document
# title: Database outside the release
# description: >-
#   True if the release needs no pod for the role (mysql or clickhouse): the database is external,
#   or ByConity replaces ClickHouse.
elsewhere(workload, role) if external(workload, role)

elsewhere(workload, "clickhouse") if count(parts(workload, "byconity")) > 0

# METADATA
# title: Databases without a place
# description: >-
#   The unknown verdict when the input has neither a workload of a database nor an external
#   instance, so that it does not show where the data is stored. Undefined otherwise.
unplaced(workload) := result.unknown(
	message.of("where the data of {roles} is stored", {"roles": message.whole(roles)}),
	$"kubectl get deployment,statefulset -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	roles := [role |
		some role in ["mysql", "clickhouse"]
		count(parts(workload, role)) == 0
		not external(workload, role)
	]
	count(roles) > 0
}
