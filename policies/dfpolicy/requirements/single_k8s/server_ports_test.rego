package dfpolicy.requirements.single_k8s.server_ports_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.single_k8s.server_ports
import data.dfpolicy.requirements.single_k8s.single_k8s_test as shared

test_verdict[name] if {
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
		"as a string": {"ports": [{"port": "30033", "nodePort": 30033}, release.port(30035)], "spec": {}, "want": "violation required"},
		"null": {"ports": null, "spec": {}, "want": "violation required"},
		"items of wrong types": {"ports": [null, 3, "30033"], "spec": {}, "want": "violation required"},
		"headless, with other ports of the pods": {
			"ports": [object.union(release.port(30033), {"targetPort": 20033}), object.union(release.port(30035), {"targetPort": 20035})],
			"spec": {"clusterIP": "None", "type": "ClusterIP"},
			"want": "violation required",
		},
		"headless, with the ports of the pods": {
			"ports": [object.union(port, {"targetPort": port.port}) | some port in both],
			"spec": {"clusterIP": "None", "type": "ClusterIP"},
			"want": "violation recommended",
		},
		"headless, with names of ports": {
			"ports": [object.union(port, {"targetPort": "p"}) | some port in both],
			"spec": {"clusterIP": "None", "type": "ClusterIP"},
			"want": "violation recommended",
		},
		"for other pods": {"ports": both, "spec": {"selector": {"app": "x"}}, "want": "violation required"},
	}
	document := release.changed(["service"], {"service": release.service(case.ports, case.spec)})
	results := server_ports.results with input as document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_without_a_service[name] if {
	elsewhere := release.service([], {"selector": {"app": "x"}})
	some name, case in {
		"none in the input": {"document": release.changed(["service"], {}), "want": "unknown required"},
		"none for the server, and Services are not collected": {
			"document": object.union(
				release.changed(["service"], {"service": elsewhere}),
				{"cluster": {"spec": {"version": "v1.31.0"}}},
			),
			"want": "unknown required",
		},
		"no server": {"document": shared.nothing, "want": "unknown required"},
		"under Docker Compose": {"document": shared.composed, "want": "pass required"},
	}
	results := server_ports.results with input as case.document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_other_ports_of_agents[name] if {
	some name, case in {
		"in the agent's file": {"text": "controller-port: 31035", "ports": [release.port(30033), release.port(31035)], "want": "pass required"},
		"not in the Service": {
			"text": "controller-port: 31035",
			"ports": [release.port(30033), release.port(30035)],
			"want": "violation required",
		},
		"the port of the pods": {
			"text": "controller-port: 20035",
			"ports": [release.port(30033), {"port": 20035}],
			"want": "pass required",
		},
		"not a number": {"text": "controller-port: x", "ports": [release.port(30033), release.port(30035)], "want": "pass required"},
		"null": {"text": "controller-port:", "ports": [release.port(30033), release.port(30035)], "want": "pass required"},
	}
	document := release.changed(["service"], {
		"service": release.service(case.ports, {}),
		"configuration": fixture.configuration(case.text),
	})
	results := server_ports.results with input as document
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_data_port_of_the_group[name] if {
	some name, case in {
		"another": {"port": 31033, "want": "violation required"},
		"the default": {"port": 30033, "want": "pass required"},
		"string": {"port": "31033", "want": "pass required"},
		"null": {"port": null, "want": "pass required"},
	}
	group := {
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "AgentGroupConfig",
		"metadata": {"name": "a"},
		"spec": {"global": {"communication": {"ingester_port": case.port}}},
	}
	results := server_ports.results with input as release.changed([], {"group": group})
	fixture.verdicts(results, "DF-SK-003") == {case.want}
}

test_in_other_modes[name] if {
	inward := release.changed(["service"], {"service": release.service([{"port": 30033}, {"port": 30035}], {})})
	some name, case in {
		"no server": {"document": shared.nothing, "want": set()},
		"no ports of the nodes": {"document": inward, "want": {"violation required"}},
		"without an agent": {"document": release.changed(["agent"], {}), "want": {"pass required"}},
	}
	results := server_ports.results with input as object.union(case.document, {"mode": "multi-k8s"})
	fixture.verdicts(results, "DF-SK-003") == case.want
}

_mapped := [{"port": 20033, "nodePort": 30033}, {"port": 20035, "nodePort": 30035}]

test_agents_outside_the_cluster[name] if {
	some name, case in {
		"ports of the nodes that differ from the Service's": {"ports": _mapped, "spec": {}, "port": null, "want": {"pass required"}},
		"a port that is no nodePort": {"ports": _mapped, "spec": {}, "port": 30476, "want": {"violation required"}},
		"the port of the pods": {"ports": _mapped, "spec": {}, "port": 20035, "want": {"violation required"}},
		"external addresses": {
			"ports": [{"port": 30033}, {"port": 30035}],
			"spec": {"type": "ClusterIP", "externalIPs": ["172.20.1.1"]},
			"port": null,
			"want": {"pass required"},
		},
		"no selector": {"ports": _mapped, "spec": {"selector": null}, "port": null, "want": set()},
	}
	resources := [
		fixture.document("ComposeProject", "host", {"services": {"deepflow-agent": fixture.service}}),
		fixture.document("AgentConfig", "deepflow-agent", {"controller-ips": ["172.20.1.1"], "controller-port": case.port}),
		release.service(case.ports, case.spec),
	]
	results := server_ports.results with input as {"mode": "legacy-host", "resources": resources}
	fixture.verdicts(results, "DF-SK-003") == case.want
}

test_the_servers_pods_on_the_host_network if {
	document := release.changed(["server", "service"], {
		"server": release.server({"hostNetwork": true}, {}),
		"service": release.service([{"port": 20033, "nodePort": 30033}], {}),
		"configuration": fixture.configuration("controller-ips: [172.20.1.1]\ncontroller-port: 20035"),
	})
	results := server_ports.results with input as object.union(document, {"mode": "multi-k8s"})
	fixture.verdicts(results, "DF-SK-003") == {"pass required"}
}

test_agents_of_a_managed_cluster_inside_it if {
	document := release.changed(["service"], {
		"service": release.service([{"port": 30033}, {"port": 30035}], {}),
		"configuration": fixture.configuration("controller-ips: [deepflow-server]"),
	})
	results := server_ports.results with input as object.union(document, {"mode": "managed-k8s"})
	fixture.verdicts(results, "DF-SK-003") == {"violation recommended"}
}

test_a_service_without_its_deployment if {
	resources := array.concat(
		fixture.configured({}, "controller-ips: [deepflow-server]").resources,
		[release.service([{"port": 30033}], {})],
	)
	every mode in ["single-k8s", "managed-k8s"] {
		results := server_ports.results with input as {"mode": mode, "resources": resources}
		{[result.outcome, result.subject.kind] | some result in results} == {["violation", "Service"]}
	}
}
