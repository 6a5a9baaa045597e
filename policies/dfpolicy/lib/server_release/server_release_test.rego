package dfpolicy.lib.server_release_test

import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.lib.server_release as server

_names(parts) := [part.subject.name | some part in parts]

test_workloads[name] if {
	labelled := {"metadata": {"labels": {"app": "deepflow", "component": "deepflow-server"}}, "spec": {"containers": [{"image": "mirror/other:1"}]}}
	some name, case in {
		"by image of an architecture": {
			"resource": {
				"kind": "Deployment",
				"metadata": {"name": "deepflow-server"},
				"spec": {"template": {"spec": {"containers": [{"image": "x/deepflow-server-arm64:v7.1"}]}}},
			},
			"want": ["deepflow-server"],
		},
		"by image and labels": {"resource": release.server({}, {}), "want": ["deepflow-server"]},
		"by image": {
			"resource": {
				"kind": "StatefulSet", "metadata": {"name": "a"},
				"spec": {"template": {"spec": {"containers": [{"image": "x/deepflow-server:v7.1"}]}}},
			},
			"want": ["a"],
		},
		"by labels": {"resource": {"kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": labelled}}, "want": ["a"]},
		"by the labels of the object": {
			"resource": {"kind": "Deployment", "metadata": {"name": "a", "labels": labelled.metadata.labels}, "spec": {"template": {}}},
			"want": ["a"],
		},
		"by the recommended label": {
			"resource": {
				"kind": "Deployment",
				"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "deepflow-server"}},
				"spec": {"template": {}},
			},
			"want": ["a"],
		},
		"by the name of a container": {
			"resource": {
				"kind": "Deployment",
				"metadata": {"name": "a"},
				"spec": {"template": {"spec": {"containers": [{"name": "deepflow-server", "image": "mirror/other:1"}]}}},
			},
			"want": ["a"],
		},
		"by the label app of a Rollout": {
			"resource": {
				"kind": "Rollout",
				"metadata": {"name": "a"},
				"spec": {"template": {"metadata": {"labels": {"app": "deepflow-server"}}}},
			},
			"want": ["a"],
		},
		"a pod of it": {"resource": object.union(labelled, {"kind": "Pod", "metadata": {"name": "a"}}), "want": []},
		"another part": {"resource": release.mysql({}), "want": []},
		"labels of a wrong type": {
			"resource": {"kind": "Deployment", "metadata": {"name": "a", "labels": {"app": "deepflow", "component": 5}}, "spec": null},
			"want": [],
		},
		"no kind": {"resource": {"metadata": null}, "want": []},
	}
	found := server.workloads with input as {"resources": [case.resource]}
	_names(found) == case.want
}

test_asked if {
	one := server.asked with input as release.changed([], {})
	_names(one) == ["deepflow-server"]
	none := server.asked with input as {"resources": [release.agent]}
	none == [{"subject": {"kind": "Cluster", "name": "*"}}]
	server.absent(none[0])
	not server.absent(one[0])
}

test_missing[name] if {
	some name, case in {
		"together with an agent": {
			"resources": [release.agent],
			"want": ["unknown", "kubectl get deploy -n deepflow deepflow-server -o yaml"],
		},
		"of nothing": {"resources": [], "want": ["unknown", "kubectl get deploy -n default deepflow-server -o yaml"]},
		"under Docker Compose": {
			"resources": [release.project({"server": {"image": "deepflow-server:v7.1"}})],
			"want": ["pass", ""],
		},
		"a project of something else": {
			"resources": [release.project({"server": {"image": "nginx"}, "b": null})],
			"want": ["unknown", "kubectl get deploy -n default deepflow-server -o yaml"],
		},
	}
	verdict := server.missing with input as {"resources": case.resources}
	[verdict.outcome, object.get(verdict, "collect", "")] == case.want
}

test_projects_by_name if {
	other := object.union(release.project({"server": {"image": "deepflow-server"}}), {"metadata": {"name": "a"}})
	found := server.projects_asked with input as {"resources": [release.project({"s": {"image": "deepflow-server"}}), other]}
	[project.metadata.name | some project in found] == ["a", "deepflow"]
}

test_parts[role] if {
	some role, want in {
		"deepflow-app": ["deepflow-app"],
		"mysql": ["mysql"],
		"clickhouse": ["clickhouse"],
		"grafana": ["grafana"],
		"byconity": [],
	}
	elsewhere := object.union(release.mysql({}), {"metadata": {"name": "other", "namespace": "other"}})
	document := release.changed([], {"elsewhere": elsewhere})
	found := [_names(server.parts(server.workloads[0], role))] with input as document
	found == [want]
}

test_shown if {
	shown := server.shown(server.workloads[0]) with input as release.changed([], {})
	shown == "Deployment deepflow-server"
}

test_container_of_a_role if {
	resource := release.part(
		"Deployment", "mysql",
		{"containers": [{"name": "exporter", "image": "x"}, {"name": "m", "image": "library/mysql:8"}]}, {},
	)
	bare := release.part("Deployment", "deepflow-app", {"containers": null}, {})
	document := release.changed(["app", "mysql"], {"mysql": resource, "app": bare})
	containers := [part.container |
		some role in ["mysql", "deepflow-app"]
		some part in server.parts(server.workloads[0], role)
	] with input as document
	containers == [{"name": "m", "image": "library/mysql:8"}, {}]
}

test_container_of_a_mirrored_server if {
	pod := {"containers": [{"name": "proxy", "image": "x"}, {"name": "deepflow-server", "image": "mirror/other:1"}]}
	found := server.workloads[0].container with input as release.changed(["server"], {"server": release.server(pod, {})})
	found == pod.containers[1]
}

test_external[name] if {
	some name, case in {
		"of the chart": {
			"text": "controller:\n  mysql:\n    database: a\n    host: deepflow-mysql\ningester:\n  ckdb:\n    external: false\n",
			"want": {"mysql": [], "clickhouse": []},
		},
		"address": {"text": "controller:\n  mysql:\n    host: 172.20.1.9\n", "want": {"mysql": ["mysql (external, at 172.20.1.9)"], "clickhouse": []}},
		"domain": {
			"text": "controller:\n  mysql:\n    host: \"db.example.com\"\n",
			"want": {"mysql": ["mysql (external, at db.example.com)"], "clickhouse": []},
		},
		"Service by its full name": {
			"text": "controller:\n  mysql:\n    host: deepflow-mysql.deepflow.svc.cluster.local\n",
			"want": {"mysql": [], "clickhouse": []},
		},
		"clickhouse": {
			"text": "ingester:\n  ckdb:\n    cluster-name: default\n    external: true\n",
			"want": {"mysql": [], "clickhouse": ["clickhouse (external)"]},
		},
		"a host of another section": {
			"text": "controller:\n  mysql:\n    database: a\n  redis:\n    host: 172.20.1.9\n",
			"want": {"mysql": [], "clickhouse": []},
		},
		"null": {"text": null, "want": {"mysql": [], "clickhouse": []}},
	}
	document := release.changed(["server"], {"server": release.configured, "map": release.configuration(case.text)})
	found := {role: notes |
		some role in ["mysql", "clickhouse"]
		notes := [note.text | note := server.external(server.workloads[0], role)]
	} with input as document
	found == case.want
}

test_external_without_configuration if {
	found := [note | note := server.external(server.workloads[0], "mysql")] with input as release.changed([], {})
	found == []
}

_place(place) := [place.path, place.source, place.host_path, place.claim]

test_data_places[name] if {
	template := {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}}
	some name, case in {
		"hostPath": {"mysql": release.mysql(release.host("/opt/a")), "want": ["/var/lib/mysql", "hostPath", "/opt/a", null]},
		"claim": {
			"mysql": release.mysql(release.claim("data")),
			"want": ["/var/lib/mysql", "persistentVolumeClaim", "", {"storageClassName": "slow"}],
		},
		"claim that is not in the input": {
			"mysql": release.mysql(release.claim("other")),
			"want": ["/var/lib/mysql", "persistentVolumeClaim", "", null],
		},
		"claim of a template": {
			"mysql": release.part(
				"StatefulSet", "mysql",
				{"containers": [{"image": "mysql", "volumeMounts": [{"name": "data", "mountPath": "/var/lib/mysql/"}]}]},
				{"volumeClaimTemplates": [null, template]},
			),
			"want": ["/var/lib/mysql", "persistentVolumeClaim", "", {"storageClassName": "fast"}],
		},
		"emptyDir": {"mysql": release.mysql({"emptyDir": {}}), "want": ["/var/lib/mysql", "emptyDir", "", null]},
		"a mount of no volume": {
			"mysql": release.part(
				"Deployment", "mysql",
				{"containers": [{"image": "mysql", "volumeMounts": [{"name": "x", "mountPath": "/var/lib"}]}]}, {},
			),
			"want": ["/var/lib/mysql", "nothing", "", null],
		},
		"no mount": {"mysql": release.part("Deployment", "mysql", {}, {}), "want": ["/var/lib/mysql", "nothing", "", null]},
		"claim of a wrong type": {
			"mysql": release.mysql({"persistentVolumeClaim": 5}),
			"want": ["/var/lib/mysql", "persistentVolumeClaim", "", null],
		},
	}
	document := release.changed(["mysql", "clickhouse"], {
		"mysql": case.mysql,
		"claim": release.claimed("data", {"storageClassName": "slow"}),
	})
	found := [_place(place) | some place in server.data_places(server.workloads[0])] with input as document
	found == [case.want]
}

test_second_place_of_clickhouse if {
	pod := release.storing("clickhouse", {"/var/lib/clickhouse": {"emptyDir": {}}, "/var/lib/clickhouse_storage": {"emptyDir": {}}})
	document := release.changed(["mysql", "clickhouse"], {"clickhouse": release.part("StatefulSet", "clickhouse", pod, {})})
	found := [place.path | some place in server.data_places(server.workloads[0])] with input as document
	found == ["/var/lib/clickhouse", "/var/lib/clickhouse_storage"]
}

test_services[name] if {
	some name, case in {
		"selects": {"spec": {}, "want": 1},
		"selects by one label": {"spec": {"selector": {"app": "deepflow"}}, "want": 1},
		"selects others": {"spec": {"selector": {"app": "deepflow", "component": "deepflow-app"}}, "want": 0},
		"selects by a label more": {"spec": {"selector": {"app": "deepflow", "tier": "x"}}, "want": 0},
		"no selector": {"spec": {"selector": null}, "want": 0},
	}
	document := release.changed(["service"], {"service": release.service([], case.spec)})
	found := count(server.services(server.workloads[0])) with input as document
	found == case.want
}

test_stated_services if {
	server.stated_services(server.workloads[0]) with input as release.changed([], {})
	elsewhere := object.union(release.service([], {}), {"metadata": {"namespace": "other"}})
	found := [1 | server.stated_services(server.workloads[0])] with input as release.changed(["service"], {"service": elsewhere})
	found == []
}
