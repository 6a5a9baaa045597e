# METADATA
# title: Fixture of the server's tests
# description: >-
#   A server release whose components meet every requirement, and functions that change it. Not
#   part of the bundle.
package dfpolicy.lib.server_fixture_test

import data.dfpolicy.lib.fixture_test as fixture

repositories := {
	"deepflow-server": "deepflow-server",
	"deepflow-app": "deepflow-app",
	"mysql": "mysql",
	"clickhouse": "clickhouse-server",
	"grafana": "grafana",
}

part(kind, role, pod_change, spec_change) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": role, "namespace": "deepflow"},
	"spec": object.union(
		{"template": {
			"metadata": {"labels": {"app": "deepflow", "component": role}},
			"spec": object.union(
				{"containers": [{"name": role, "image": $"registry.example.com/deepflow-ce/{repositories[role]}:v7.1"}]},
				pod_change,
			),
		}},
		spec_change,
	),
}

# A pod with the volumes {path: source}, each mounted at its path.
storing(role, sources) := {
	"containers": [{
		"name": role,
		"image": $"registry.example.com/deepflow-ce/{repositories[role]}:v7.1",
		"volumeMounts": [{"name": path, "mountPath": path} | some path, _ in sources],
	}],
	"volumes": [object.union({"name": path}, source) | some path, source in sources],
}

mysql(source) := part("Deployment", "mysql", storing("mysql", {"/var/lib/mysql": source}), {})

clickhouse(source) := part("StatefulSet", "clickhouse", storing("clickhouse", {"/var/lib/clickhouse": source}), {})

host(path) := {"hostPath": {"path": path}}

claim(name) := {"persistentVolumeClaim": {"claimName": name}}

claimed(name, spec) := {
	"apiVersion": "v1",
	"kind": "PersistentVolumeClaim",
	"metadata": {"name": name, "namespace": "deepflow"},
	"spec": spec,
}

server(pod_change, spec_change) := part("Deployment", "deepflow-server", pod_change, spec_change)

port(number) := {"port": number, "nodePort": number}

service(ports, spec_change) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": object.union(object.remove(_service_spec(ports), object.keys(spec_change)), spec_change),
}

_service_spec(ports) := {"type": "NodePort", "selector": {"app": "deepflow", "component": "deepflow-server"}, "ports": ports}

agent := fixture.workload("DaemonSet", {}, {})

# The objects of an all-in-one release by name.
release := {
	"server": server({}, {}),
	"app": part("Deployment", "deepflow-app", {}, {}),
	"mysql": mysql(host("/opt/deepflow-mysql")),
	"clickhouse": clickhouse(host("/opt/deepflow-clickhouse")),
	"grafana": part("Deployment", "grafana", {}, {}),
	"service": service([port(30033), port(30035)], {}),
	"agent": agent,
}

# The release without some objects, and with added or replaced ones.
resources(without, with_these) := [document |
	some name, document in object.union(object.remove(release, without), with_these)
]

changed(without, with_these) := {"resources": resources(without, with_these)}

# The server's configuration in the chart's ConfigMap.
configuration(text) := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": "deepflow", "namespace": "deepflow"},
	"data": {"server.yaml": text},
}

# A server that mounts this configuration.
configured := server(
	{
		"containers": [{
			"name": "server",
			"image": "deepflow-server:v7.1",
			"volumeMounts": [{"name": "c", "mountPath": "/etc/server.yaml", "subPath": "server.yaml"}],
		}],
		"volumes": [{"name": "c", "configMap": {"name": "deepflow"}}],
	},
	{},
)

project(services) := {
	"apiVersion": "dfpolicy.dev/v1",
	"kind": "ComposeProject",
	"metadata": {"name": "deepflow"},
	"spec": {"services": services},
}
