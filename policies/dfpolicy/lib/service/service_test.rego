package dfpolicy.lib.service_test

import data.dfpolicy.lib.service

_service(namespace, name, spec) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": name, "namespace": namespace},
	"spec": spec,
}

test_namespaces if {
	file := {"kind": "ConfigMap", "data": {"f": "controller-ips: [df, other]", "g": 5}}
	host := {"kind": "AgentConfig", "spec": {"controller-ips": ["s"]}}
	decoded := {"kind": "ConfigMap", "decoded": {"f": {"controller-ips": ["t"]}}, "binaryData": {}}
	services := [
		_service("b", "df", {}),
		_service("a", "df", {}),
		_service("a", "", {}),
		{"kind": "Service"},
		_service("a", "s", {}),
		_service("a", "t", {}),
		_service("a", "x", {}),
	]
	resources := array.concat([file, host, decoded], services)
	service.namespaces("s") == ["a"] with input as {"resources": resources}
	service.namespaces("t") == ["a"] with input as {"resources": resources}
	service.namespaces("x") == [] with input as {"resources": resources}
	service.namespaces("df") == ["a", "b"] with input as {"resources": resources}
	service.namespaces("other") == [] with input as {"resources": resources}
}

test_of_server[name] if {
	server := {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "s", "namespace": "obs"},
		"spec": {"template": {
			"metadata": {"labels": {"tier": "server", "x": "y"}},
			"spec": {"containers": [{"image": "deepflow-server:v7.1"}]},
		}},
	}
	some name, case in {
		"by its name": {"service": _service("obs", "deepflow-server", {}), "want": 1},
		"by the chart's name": {"service": _service("obs", "obs-deepflow-server", {}), "want": 1},
		"by its selector": {"service": _service("a", "df", {"selector": {"component": "deepflow-server"}}), "want": 1},
		"by its pods": {"service": _service("obs", "df", {"selector": {"tier": "server"}}), "want": 1},
		"in another namespace than the pods": {"service": _service("a", "df", {"selector": {"tier": "server"}}), "want": 0},
		"of the agent": {"service": _service("obs", "deepflow-agent", {"selector": {"component": "deepflow-agent"}}), "want": 0},
		"without a selector": {"service": _service("obs", "df", {"selector": null}), "want": 0},
	}
	found := service.of_server with input as {"resources": [server, case.service]}
	count(found) == case.want
}

test_leads_outward if {
	service.leads_outward(_service("a", "df", {"type": "ExternalName"}))
	not service.leads_outward(_service("a", "df", {"selector": {"a": "b"}}))
}

test_addresses if {
	spec := {"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00::7"], "externalIPs": ["172.20.1.1"], "loadBalancerIP": null}
	balanced := object.union(_service("a", "df", spec), {"status": {"loadBalancer": {"ingress": [{"hostname": "df.example.com"}]}}})
	service.addresses(balanced) == {"10.96.0.7", "fd00::7", "172.20.1.1", "df.example.com"}
	service.addresses(_service("a", "df", {"clusterIP": "None"})) == set()
}
