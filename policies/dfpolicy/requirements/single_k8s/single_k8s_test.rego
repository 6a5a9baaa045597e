package dfpolicy.requirements.single_k8s_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.single_k8s

_nothing := {"resources": [release.agent]}

_composed := {"resources": [release.project({"server": {"image": "deepflow-server:v7.1"}})]}

_class(name, annotations) := {
	"apiVersion": "storage.k8s.io/v1",
	"kind": "StorageClass",
	"metadata": {"name": name, "annotations": annotations},
}

_default := {"storageclass.kubernetes.io/is-default-class": "true"}

# A release whose databases claim volumes with these specs.
_claiming(mysql, clickhouse) := {
	"mysql": release.mysql(release.claim("a")),
	"clickhouse": release.clickhouse(release.claim("b")),
	"a": release.claimed("a", mysql),
	"b": release.claimed("b", clickhouse),
}

_stored(parts) := release.changed(["mysql", "clickhouse"], parts)

test_storage[name] if {
	by_default := _claiming({}, {})
	by_name := _claiming({"storageClassName": "fast"}, {"storageClassName": "fast"})
	some name, case in {
		"default class": {"parts": by_default, "extra": {"c": _class("fast", _default)}, "want": "pass recommended"},
		"default class by the former annotation": {
			"parts": by_default,
			"extra": {"c": _class("fast", {"storageclass.beta.kubernetes.io/is-default-class": "true"})},
			"want": "pass recommended",
		},
		"no default class": {"parts": by_default, "extra": {"c": _class("fast", null)}, "want": "violation recommended"},
		"marked with no text": {
			"parts": by_default,
			"extra": {"c": _class("fast", {"storageclass.kubernetes.io/is-default-class": true})},
			"want": "violation recommended",
		},
		"default class not known": {"parts": by_default, "extra": {}, "want": "unknown recommended"},
		"named class": {"parts": by_name, "extra": {"c": _class("fast", {})}, "want": "pass recommended"},
		"named class that is absent": {"parts": by_name, "extra": {"c": _class("slow", _default)}, "want": "violation recommended"},
		"named class not known": {"parts": by_name, "extra": {}, "want": "unknown recommended"},
		"class of a wrong type": {
			"parts": _claiming({"storageClassName": 5}, {"storageClassName": "fast"}),
			"extra": {"c": _class("fast", {})},
			"want": "violation recommended",
		},
		"null is the default class": {
			"parts": _claiming({"storageClassName": null}, {}),
			"extra": {"c": _class("fast", _default)},
			"want": "pass recommended",
		},
		"no class": {
			"parts": _claiming({"storageClassName": ""}, {}),
			"extra": {"c": _class("fast", _default)},
			"want": "unknown recommended",
		},
		"claim that is not in the input": {
			"parts": object.remove(by_default, ["a"]),
			"extra": {"c": _class("fast", _default)},
			"want": "unknown recommended",
		},
		"emptyDir": {
			"parts": object.union(by_default, {"mysql": release.mysql({"emptyDir": {}})}),
			"extra": {"c": _class("fast", _default)},
			"want": "violation recommended",
		},
		"a directory of any node": {
			"parts": object.union(by_default, {"mysql": release.mysql(release.host("/data"))}),
			"extra": {"c": _class("fast", _default)},
			"want": "violation recommended",
		},
		"a share": {
			"parts": {"mysql": release.mysql({"nfs": {}}), "clickhouse": release.clickhouse({"nfs": {}})},
			"extra": {},
			"want": "pass recommended",
		},
		"no mysql": {
			"parts": {"clickhouse": release.clickhouse({"nfs": {}})},
			"extra": {},
			"want": "unknown recommended",
		},
		"byconity": {
			"parts": {"mysql": release.mysql({"nfs": {}})},
			"extra": {"byconity": {
				"kind": "StatefulSet",
				"metadata": {"name": "b", "namespace": "deepflow", "labels": {"app.kubernetes.io/name": "byconity"}},
			}},
			"want": "pass recommended",
		},
	}
	results := single_k8s.results with input as _stored(object.union(case.parts, case.extra))
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_storage_of_a_pinned_pod[name] if {
	terms := [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]
	some name, case in {
		"by label": {"pod": {"nodeSelector": {"a": "b"}}, "want": "pass recommended"},
		"by name": {"pod": {"nodeName": "a"}, "want": "pass recommended"},
		"by affinity": {
			"pod": {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}},
			"want": "pass recommended",
		},
		"by nothing": {
			"pod": {"nodeSelector": null, "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": null}}},
			"want": "violation recommended",
		},
	}
	pod := object.union(release.storing("mysql", {"/var/lib/mysql": release.host("/data")}), case.pod)
	parts := {"mysql": release.part("Deployment", "mysql", pod, {}), "clickhouse": release.clickhouse({"nfs": {}})}
	results := single_k8s.results with input as _stored(parts)
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_storage_by_cluster_facts[name] if {
	some name, case in {
		"class that exists": {"claim": {"storageClassName": "fast"}, "classes": ["fast"], "want": "pass recommended"},
		"class that does not": {"claim": {"storageClassName": "fast"}, "classes": ["slow"], "want": "violation recommended"},
		"which is the default one": {"claim": {}, "classes": ["fast"], "want": "unknown recommended"},
		"none": {"claim": {}, "classes": [], "want": "violation recommended"},
		"null": {"claim": {}, "classes": null, "want": "unknown recommended"},
		"wrong type": {"claim": {}, "classes": "fast", "want": "unknown recommended"},
	}
	document := object.union(
		_stored(_claiming(case.claim, case.claim)),
		{"cluster": {"spec": {"storageClasses": case.classes}}},
	)
	results := single_k8s.results with input as document
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_storage_that_was_refused if {
	document := object.union(
		_stored(_claiming({}, {})),
		{"cluster": {"spec": {}, "status": {"unread": [{"fact": "storageclasses", "reason": "forbidden"}]}}},
	)
	results := single_k8s.results with input as document
	fixture.observed(results, "DF-SK-001") == {"not known: whether the cluster has a default storage class (forbidden)"}
}

_external := release.configuration("controller:\n  mysql:\n    host: 172.20.1.9\ningester:\n  ckdb:\n    external: true\n")

test_external_databases if {
	document := release.changed(["server", "mysql", "clickhouse"], {"server": release.configured, "map": _external})
	results := single_k8s.results with input as document
	fixture.verdicts(results, "DF-SK-001") == {"pass recommended"}
	fixture.observed(results, "DF-SK-002") == {concat(", ", [
		"deepflow-server", "deepflow-app", "mysql is external", "at 172.20.1.9",
		"clickhouse is external", "grafana", "agent",
	])}
}

test_release[name] if {
	some name, case in {
		"whole": {"document": release.changed([], {}), "want": "pass required"},
		"no app": {"document": release.changed(["app"], {}), "want": "violation required"},
		"no mysql": {"document": release.changed(["mysql"], {}), "want": "violation required"},
		"no clickhouse": {"document": release.changed(["clickhouse"], {}), "want": "violation required"},
		"no agent": {"document": release.changed(["agent"], {}), "want": "violation required"},
		"no grafana": {"document": release.changed(["grafana"], {}), "want": "violation recommended"},
		"byconity": {
			"document": release.changed(["clickhouse"], {"byconity": {
				"kind": "StatefulSet",
				"metadata": {"name": "b", "namespace": "deepflow", "labels": {"app.kubernetes.io/name": "byconity"}},
			}}),
			"want": "pass required",
		},
		"StatefulSets were not collected": {
			"document": object.union(release.changed(["clickhouse"], {}), {"cluster": {"spec": {"version": "v1.31.0"}}}),
			"want": "unknown required",
		},
		"StatefulSets were given": {
			"document": object.union(
				release.changed(["clickhouse"], {"other": {"kind": "StatefulSet", "metadata": {"name": "a"}}}),
				{"cluster": {"spec": {"version": "v1.31.0"}}},
			),
			"want": "violation required",
		},
		"no server": {"document": _nothing, "want": "unknown required"},
		"under Docker Compose": {"document": _composed, "want": "pass required"},
	}
	results := single_k8s.results with input as case.document
	fixture.verdicts(results, "DF-SK-002") == {case.want}
}

test_release_of_a_part[name] if {
	some name, case in {
		"whole": {"without": [], "want": "pass required"},
		"no app": {"without": ["app"], "want": "unknown required"},
		"no agent": {"without": ["agent"], "want": "unknown required"},
		"no grafana": {"without": ["grafana"], "want": "unknown required"},
	}
	results := single_k8s.results with input as object.union(release.changed(case.without, {}), {"partial": true})
	fixture.verdicts(results, "DF-SK-002") == {case.want}
}

test_release_names_what_is_missing if {
	results := single_k8s.results with input as release.changed(["app", "mysql"], {})
	fixture.observed(results, "DF-SK-002") == {"no deepflow-app, no mysql"}
}

test_ports[name] if {
	both := [release.port(30033), release.port(30035)]
	some name, case in {
		"both": {"ports": both, "spec": {}, "want": "pass required"},
		"with the protocol": {"ports": [object.union(port, {"protocol": "TCP"}) | some port in both], "spec": {}, "want": "pass required"},
		"a load balancer": {"ports": [{"port": 30033}, {"port": 30035}], "spec": {"type": "LoadBalancer"}, "want": "pass required"},
		"in the cluster only": {"ports": both, "spec": {"type": "ClusterIP"}, "want": "violation recommended"},
		"type null": {"ports": both, "spec": {"type": null}, "want": "violation recommended"},
		"other ports of the nodes": {
			"ports": [{"port": 30033, "nodePort": 31033}, release.port(30035)],
			"spec": {},
			"want": "violation recommended",
		},
		"no data port": {"ports": [release.port(30035)], "spec": {}, "want": "violation required"},
		"over UDP": {
			"ports": [object.union(release.port(30033), {"protocol": "UDP"}), release.port(30035)],
			"spec": {},
			"want": "violation required",
		},
		"as a text": {"ports": [{"port": "30033", "nodePort": 30033}, release.port(30035)], "spec": {}, "want": "violation required"},
		"null": {"ports": null, "spec": {}, "want": "violation required"},
		"garbage": {"ports": [null, 3, "30033"], "spec": {}, "want": "violation required"},
		"for other pods": {"ports": both, "spec": {"selector": {"app": "x"}}, "want": "violation required"},
	}
	document := release.changed(["service"], {"service": release.service(case.ports, case.spec)})
	results := single_k8s.results with input as document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_ports_without_a_service[name] if {
	elsewhere := release.service([], {"selector": {"app": "x"}})
	some name, case in {
		"none in the input": {"document": release.changed(["service"], {}), "want": "unknown required"},
		"none for the server, and the collector reads none": {
			"document": object.union(
				release.changed(["service"], {"service": elsewhere}),
				{"cluster": {"spec": {"version": "v1.31.0"}}},
			),
			"want": "unknown required",
		},
		"no server": {"document": _nothing, "want": "unknown required"},
		"under Docker Compose": {"document": _composed, "want": "pass required"},
	}
	results := single_k8s.results with input as case.document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_ports_of_agents_that_know_others[name] if {
	some name, case in {
		"in the agent's file": {"text": "controller-port: 31035", "ports": [release.port(30033), release.port(31035)], "want": "pass required"},
		"and the Service does not": {
			"text": "controller-port: 31035",
			"ports": [release.port(30033), release.port(30035)],
			"want": "violation required",
		},
		"the port of the pods": {
			"text": "controller-port: 20035",
			"ports": [release.port(30033), {"port": 20035}],
			"want": "pass required",
		},
		"no number": {"text": "controller-port: x", "ports": [release.port(30033), release.port(30035)], "want": "pass required"},
		"null": {"text": "controller-port:", "ports": [release.port(30033), release.port(30035)], "want": "pass required"},
	}
	document := release.changed(["service"], {
		"service": release.service(case.ports, {}),
		"configuration": fixture.configuration(case.text),
	})
	results := single_k8s.results with input as document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_data_port_of_the_group[name] if {
	some name, case in {
		"another": {"port": 31033, "want": "violation required"},
		"the default": {"port": 30033, "want": "pass required"},
		"text": {"port": "31033", "want": "pass required"},
		"null": {"port": null, "want": "pass required"},
	}
	group := {
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "AgentGroupConfig",
		"metadata": {"name": "a"},
		"spec": {"global": {"communication": {"ingester_port": case.port}}},
	}
	results := single_k8s.results with input as release.changed([], {"group": group})
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_ports_in_other_modes[name] if {
	inward := release.changed(["service"], {"service": release.service([{"port": 30033}, {"port": 30035}], {})})
	some name, case in {
		"no server": {"document": _nothing, "want": set()},
		"no ports of the nodes": {"document": inward, "want": {"violation required"}},
		"without an agent": {"document": release.changed(["agent"], {}), "want": {"pass required"}},
	}
	results := single_k8s.results with input as object.union(case.document, {"mode": "multi-k8s"})
	fixture.verdicts(results, "DF-SK-003") == case.want
}

_apart := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
	null,
	{"topologyKey": "kubernetes.io/hostname"},
]}}}

_free := {"taints": [], "labels": {}}

_tainted := {"taints": [{"key": "a", "effect": "NoSchedule"}], "labels": {}}

test_replicas[name] if {
	some name, case in {
		"one, nodes unknown": {"replicas": 1, "pod": _apart, "nodes": [], "want": "pass required"},
		"by default one": {"replicas": null, "pod": _apart, "nodes": [], "want": "pass required"},
		"two on two": {"replicas": 2, "pod": _apart, "nodes": [_free, _free], "want": "pass required"},
		"two on one": {"replicas": 2, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"two, one node tainted": {"replicas": 2, "pod": _apart, "nodes": [_free, _tainted], "want": "violation required"},
		"one, the node tainted": {"replicas": 1, "pod": {}, "nodes": [_tainted], "want": "violation required"},
		"two, nodes unknown": {"replicas": 2, "pod": _apart, "nodes": [], "want": "unknown required"},
		"two, taints unknown": {"replicas": 2, "pod": _apart, "nodes": [_free, {"cpus": 4}], "want": "unknown required"},
		"two that share a node": {"replicas": 2, "pod": {}, "nodes": [_free], "want": "pass required"},
		"two on the host's network": {"replicas": 2, "pod": {"hostNetwork": true}, "nodes": [_free], "want": "violation required"},
		"two, apart by zone": {
			"replicas": 2,
			"pod": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}}},
			"nodes": [_free],
			"want": "pass required",
		},
		"none": {"replicas": 0, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"fraction": {"replicas": 1.5, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"text": {"replicas": "2", "pod": _apart, "nodes": [_free], "want": "violation required"},
	}
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in case.nodes]
	resources := [release.server(case.pod, {"replicas": case.replicas})]
	results := single_k8s.results with input as {"resources": resources, "nodes": nodes}
	fixture.verdicts(results, "DF-SK-004") == {case.want}
}

test_replicas_of_clickhouse if {
	clickhouse := release.part("StatefulSet", "clickhouse", _apart, {"replicas": 3})
	document := object.union(release.changed(["clickhouse"], {"clickhouse": clickhouse}), {"nodes": [fixture.node("a", _free)]})
	results := single_k8s.results with input as document
	{result.subject.name: result.outcome | some result in results; result.id == "DF-SK-004"} == {
		"deepflow-server": "pass",
		"clickhouse": "violation",
	}
}

test_replicas_of_a_server_that_stands_twice if {
	resources := [release.server(_apart, {"replicas": 1}), release.server(_apart, {"replicas": 2})]
	results := single_k8s.results with input as {"resources": resources, "nodes": [fixture.node("a", _free)]}
	fixture.verdicts(results, "DF-SK-004") == {"pass required", "violation required"}
}

test_replicas_elsewhere if {
	nowhere := single_k8s.results with input as _nothing
	fixture.verdicts(nowhere, "DF-SK-004") == {"unknown required"}
	composed := single_k8s.results with input as _composed
	fixture.verdicts(composed, "DF-SK-004") == {"pass required"}
}

test_no_subject_no_result if {
	results := single_k8s.results with input as object.union(_nothing, {"mode": "multi-k8s"})
	results == set()
}
