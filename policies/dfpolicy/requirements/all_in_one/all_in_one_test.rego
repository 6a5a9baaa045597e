package dfpolicy.requirements.all_in_one_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.all_in_one

_mode := {"mode": "all-in-one"}

_on(document, specs) := object.union_n([document, _mode, {"nodes": nodes}]) if {
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in specs]
}

_nothing := {"resources": [release.agent]}

_composed := {"resources": [release.project({"server": {"image": "deepflow-server:v7.1"}})]}

test_size[name] if {
	some name, case in {
		"enough": {"spec": {"cpus": 4, "memoryBytes": 8589934592}, "want": "pass recommended"},
		"what 8 GB show as": {"spec": {"cpus": 8, "memoryBytes": 8100000000}, "want": "pass recommended"},
		"of a Node object": {"spec": {"cpus": "4", "memoryBytes": "16Gi"}, "want": "pass recommended"},
		"few CPUs": {"spec": {"cpus": 2, "memoryBytes": 17179869184}, "want": "violation recommended"},
		"little memory": {"spec": {"cpus": 8, "memoryBytes": 4294967296}, "want": "violation recommended"},
		"few CPUs, memory unknown": {"spec": {"cpus": 2}, "want": "violation recommended"},
		"memory unknown": {"spec": {"cpus": 4}, "want": "unknown recommended"},
		"CPUs unknown": {"spec": {"memoryBytes": 17179869184}, "want": "unknown recommended"},
		"null": {"spec": {"cpus": null, "memoryBytes": null}, "want": "unknown recommended"},
		"wrong type": {"spec": {"cpus": [4], "memoryBytes": "plenty"}, "want": "unknown recommended"},
	}
	results := all_in_one.results with input as _on(_nothing, [case.spec])
	fixture.verdicts(results, "DF-AIO-001") == {case.want}
}

test_size_shows_what_is_short if {
	results := all_in_one.results with input as _on(_nothing, [{"cpus": 2, "memoryBytes": "4194304Ki"}])
	fixture.observed(results, "DF-AIO-001") == {"2 CPUs, 4096 MiB of memory"}
}

test_local_storage[name] if {
	some name, case in {
		"below /opt": {"document": release.changed([], {}), "want": "pass required"},
		"elsewhere on the host": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host("/data/mysql"))}),
			"want": "violation recommended",
		},
		"out of /opt again": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host("/opt/../tmp"))}),
			"want": "violation recommended",
		},
		"a claim": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.claim("data"))}),
			"want": "violation required",
		},
		"emptyDir": {
			"document": release.changed(["clickhouse"], {"clickhouse": release.clickhouse({"emptyDir": {}})}),
			"want": "violation required",
		},
		"no path": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host(null))}),
			"want": "violation recommended",
		},
		"no mysql": {"document": release.changed(["mysql"], {}), "want": "unknown required"},
		"external": {
			"document": release.changed(["server", "mysql", "clickhouse"], {
				"server": release.configured,
				"map": release.configuration("controller:\n  mysql:\n    host: 172.20.1.9\ningester:\n  ckdb:\n    external: true\n"),
			}),
			"want": "pass required",
		},
		"no server": {"document": _nothing, "want": "unknown required"},
		"under Docker Compose": {"document": _composed, "want": "pass required"},
	}
	results := all_in_one.results with input as object.union(case.document, _mode)
	fixture.verdicts(results, "DF-AIO-002") == {case.want}
}

_free := {"taints": [], "labels": {}}

_tainted := {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}], "labels": {}}

test_admission[name] if {
	some name, case in {
		"free": {"document": release.changed([], {}), "nodes": [_free], "want": "pass required"},
		"tainted": {"document": release.changed([], {}), "nodes": [_tainted], "want": "violation required"},
		"free beside a tainted one": {"document": release.changed([], {}), "nodes": [_tainted, _free], "want": "pass required"},
		"preferably kept away": {
			"document": release.changed([], {}),
			"nodes": [{"taints": [{"key": "a", "effect": "PreferNoSchedule"}], "labels": {}}],
			"want": "pass required",
		},
		"a selector that no node meets": {
			"document": release.changed(["app"], {"app": release.part("Deployment", "deepflow-app", {"nodeSelector": {"a": "b"}}, {})}),
			"nodes": [_free],
			"want": "violation required",
		},
		"taints unknown": {"document": release.changed([], {}), "nodes": [{"cpus": 4}], "want": "unknown required"},
		"taints null": {"document": release.changed([], {}), "nodes": [{"taints": null}], "want": "unknown required"},
		"no nodes": {"document": release.changed([], {}), "nodes": [], "want": "unknown required"},
		"no server": {"document": _nothing, "nodes": [_free], "want": "unknown required"},
		"under Docker Compose": {"document": _composed, "nodes": [_tainted], "want": "pass required"},
	}
	results := all_in_one.results with input as _on(case.document, case.nodes)
	fixture.verdicts(results, "DF-AIO-003") == {case.want}
}

test_admission_tells_who_and_why[name] if {
	tolerant := {"tolerations": [{"operator": "Exists"}]}
	some name, case in {
		"by the taint": {
			"app": {},
			"node": _tainted,
			"want": "no node takes Deployment deepflow-app (node-role.kubernetes.io/control-plane:NoSchedule on 0)",
		},
		"by the selector": {"app": {"nodeSelector": {"a": "b"}}, "node": _free, "want": "no node takes Deployment deepflow-app"},
	}
	document := {"resources": [
		release.server(tolerant, {}),
		release.part("Deployment", "deepflow-app", case.app, {}),
	]}
	results := all_in_one.results with input as _on(document, [case.node])
	fixture.observed(results, "DF-AIO-003") == {case.want}
}

test_single_node[name] if {
	some name, case in {
		"one": {"document": release.changed([], {}), "nodes": [_free], "want": "pass recommended"},
		"one, without the server": {"document": _nothing, "nodes": [_free], "want": "pass recommended"},
		"two": {"document": release.changed([], {}), "nodes": [_free, _free], "want": "violation recommended"},
		"a second one that is tainted": {"document": release.changed([], {}), "nodes": [_free, _tainted], "want": "pass recommended"},
		"one of Linux": {
			"document": release.changed([], {}),
			"nodes": [_free, {"operatingSystem": "windows"}],
			"want": "pass recommended",
		},
		"two, and data elsewhere": {
			"document": release.changed(["mysql", "clickhouse"], {"mysql": release.mysql(release.claim("data"))}),
			"nodes": [_free, _free],
			"want": "pass recommended",
		},
		"two, without the server": {"document": _nothing, "nodes": [_free, _free], "want": "unknown recommended"},
		"none": {"document": release.changed([], {}), "nodes": [], "want": "unknown recommended"},
		"under Docker Compose": {"document": _composed, "nodes": [], "want": "pass recommended"},
	}
	results := all_in_one.results with input as _on(case.document, case.nodes)
	fixture.verdicts(results, "DF-AIO-004") == {case.want}
}

_ports := ["20416:20416", "20418:20418", "20419:20419", "30417:20417", "30035:20035", "30033:20033", "3000:3000"]

_service(change) := object.union(
	object.remove(_plain_service, object.keys(change)),
	change,
)

_plain_service := {
	"image": "registry.example.com/deepflow-ce/deepflow-server:v7.1",
	"environment": {"K8S_NODE_IP_FOR_DEEPFLOW": "172.20.14.7"},
	"ports": _ports,
}

_without(port) := [entry | some entry in _ports; not startswith(entry, port)]

test_compose[name] if {
	some name, case in {
		"good": {"service": {}, "want": "pass required"},
		"environment as a list": {"service": {"environment": ["NODE_IP_FOR_DEEPFLOW=172.20.14.7", "A"]}, "want": "pass required"},
		"ports in the long form": {
			"service": {"ports": [{"target": 1, "published": published} |
				some published in ["20416-20419", 30417, "30035", 30033, "3000"]
			]},
			"want": "pass required",
		},
		"ports as a range": {
			"service": {"ports": ["20416-20419:20416-20419", "0.0.0.0:30033-30035:20033-20035", "30417:20417/tcp", "[::]:3000:3000"]},
			"want": "pass required",
		},
		"on the host's network": {"service": {"ports": null, "network_mode": "host"}, "want": "pass required"},
		"no address": {"service": {"environment": {"A": "B"}}, "want": "violation required"},
		"environment null": {"service": {"environment": null}, "want": "violation required"},
		"a name without a value": {"service": {"environment": ["NODE_IP_FOR_DEEPFLOW"]}, "want": "violation required"},
		"address null": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": null}}, "want": "violation required"},
		"empty address": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": ""}}, "want": "violation required"},
		"the documentation's address": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "10.1.2.3"}}, "want": "violation required"},
		"the package's placeholder": {
			"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "FIX_ME_ALLINONE_HOST_IP"}},
			"want": "violation required",
		},
		"the address in a variable": {
			"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "${NODE_IP_FOR_DEEPFLOW}"}},
			"want": "unknown required",
		},
		"the address in a file": {"service": {"environment": null, "env_file": ".env"}, "want": "unknown required"},
		"the version in a variable": {"service": {"image": "deepflow-server:$DEEPFLOW_VERSION"}, "want": "unknown required"},
		"a version by default": {"service": {"image": "deepflow-server:${DEEPFLOW_VERSION:-v7.1}"}, "want": "pass required"},
		"an empty version": {"service": {"image": "deepflow-server:"}, "want": "violation required"},
		"no data port": {"service": {"ports": _without("30033")}, "want": "violation required"},
		"the data port over UDP": {
			"service": {"ports": array.concat(_without("30033"), ["30033:20033/udp"])},
			"want": "violation required",
		},
		"no ports": {"service": {"ports": null}, "want": "violation required"},
		"ports of a wrong type": {"service": {"ports": "30033:20033"}, "want": "violation required"},
		"ports that are no ports": {"service": {"ports": [null, 30033, [], {"published": null}]}, "want": "violation required"},
		"a port in a variable": {
			"service": {"ports": array.concat(_without("30033"), ["${DATA_PORT}:20033"])},
			"want": "unknown required",
		},
		"a port less for people": {"service": {"ports": _without("3000")}, "want": "violation recommended"},
	}
	document := {"resources": [release.project({"server": _service(case.service)})]}
	results := all_in_one.results with input as object.union(document, _mode)
	fixture.verdicts(results, "DF-AIO-005") == {case.want}
}

test_compose_ports_of_other_services if {
	document := {"resources": [release.project({
		"server": _service({"ports": _without("3000")}),
		"grafana": {"image": "grafana", "ports": ["3000:3000"]},
		"odd": null,
	})]}
	results := all_in_one.results with input as object.union(document, _mode)
	fixture.verdicts(results, "DF-AIO-005") == {"pass required"}
	{result.subject | some result in results; result.id == "DF-AIO-005"} == {{
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "ComposeProject",
		"name": "deepflow",
	}}
}

test_compose_elsewhere if {
	in_kubernetes := all_in_one.results with input as object.union(release.changed([], {}), _mode)
	fixture.verdicts(in_kubernetes, "DF-AIO-005") == {"pass required"}
	nowhere := all_in_one.results with input as object.union(_nothing, _mode)
	fixture.verdicts(nowhere, "DF-AIO-005") == {"unknown required"}
}

test_no_result_in_another_mode if {
	results := all_in_one.results with input as release.changed([], {})
	results == set()
}
