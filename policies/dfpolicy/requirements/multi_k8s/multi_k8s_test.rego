package dfpolicy.requirements.multi_k8s_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s

in_mode(mode, resources) := {"mode": mode, "resources": resources}

agent(text) := agent_in("deepflow", text)

agent_in(namespace, text) := [
	object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"namespace": namespace}}),
	object.union(fixture.configuration(text), {"metadata": {"namespace": namespace}}),
]

addresses(items) := concat("", ["controller-ips: [", concat(", ", items), "]\n"])

service(namespace, name) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": name, "namespace": namespace},
}

test_server[name] if {
	some name, case in {
		"nodes": {"text": addresses(["172.20.14.7", "172.20.14.8"]), "want": "pass"},
		"a name of the public DNS": {"text": addresses(["deepflow.example.com"]), "want": "pass"},
		"the default": {"text": addresses(["deepflow-server"]), "want": "violation"},
		"with its namespace": {"text": addresses(["deepflow-server.deepflow"]), "want": "violation"},
		"another Service": {"text": addresses(["df.observe.svc"]), "want": "violation"},
		"its full name": {"text": addresses(["df.observe.svc.cluster.local."]), "want": "violation"},
		"beside an address": {"text": addresses(["172.20.14.7", "deepflow-server"]), "want": "violation"},
		"FIXME": {"text": addresses(["FIXME"]), "want": "violation"},
		"the documentation's": {"text": addresses(["10.1.2.3"]), "want": "violation"},
		"none": {"text": "controller-ips: []", "want": "violation"},
		"null": {"text": "controller-ips:", "want": "violation"},
		"wrong type": {"text": "controller-ips:\n  a: b", "want": "unknown"},
		"no text": {"text": null, "want": "violation"},
	}
	results := multi_k8s.results with input as in_mode("multi-k8s", agent(case.text))
	fixture.verdicts(results, "DF-MK-001") == {concat(" ", [case.want, "required"])}
}

test_server_of_the_same_cluster[name] if {
	some name, case in {
		"address": {"address": "172.20.14.7", "services": [], "want": "pass"},
		"default": {"address": "deepflow-server", "services": [service("deepflow", "deepflow-server")], "want": "pass"},
		"default, elsewhere": {"address": "deepflow-server", "services": [service("df", "deepflow-server")], "want": "violation"},
		"default, not in the input": {"address": "deepflow-server", "services": [service("df", "other")], "want": "unknown"},
		"with its namespace": {"address": "deepflow-server.df.svc", "services": [service("df", "deepflow-server")], "want": "pass"},
		"with a dot": {"address": "deepflow-server.", "services": [service("deepflow", "deepflow-server")], "want": "pass"},
		"placeholder": {"address": "10.4.5.6", "services": [], "want": "violation"},
	}
	resources := array.concat(agent(addresses([case.address])), case.services)
	managed := multi_k8s.results with input as in_mode("managed-k8s", resources)
	fixture.verdicts(managed, "DF-MK-001") == {concat(" ", [case.want, "required"])}
	serverless := multi_k8s.results with input as in_mode("serverless-pod", resources)
	serverless == {result | some result in managed; result.id == "DF-MK-001"}
}

test_server_is_named if {
	elsewhere := array.concat(agent(addresses(["deepflow-server"])), [service("df", "deepflow-server")])
	results := multi_k8s.results with input as in_mode("managed-k8s", elsewhere)
	fixture.observed(results, "DF-MK-001") == {"the Service deepflow-server is in the namespace df, not in deepflow"}
	unknown := multi_k8s.results with input as in_mode("managed-k8s", agent(addresses(["deepflow-server"])))
	{result.collect | some result in unknown; result.id == "DF-MK-001"} == {"kubectl get service -n deepflow deepflow-server"}
}

id(text) := concat("", ["kubernetes-cluster-id: ", text, "\n"])

named(text) := concat("", ["kubernetes-cluster-name: ", text, "\n"])

both(identifier, name) := concat("", [id(identifier), named(name)])

test_distinct[name] if {
	some name, case in {
		"an id": {"resources": agent(id("d-a1b2c3")), "want": "pass"},
		"an id that agents of one cluster share": {
			"resources": array.concat(agent(both("d-1", "a")), agent_in("b", both("d-1", "a"))),
			"want": "pass",
		},
		"one id for two clusters": {
			"resources": array.concat(agent(both("d-1", "a")), agent_in("b", both("d-1", "c"))),
			"want": "violation",
		},
		"placeholder": {"resources": agent(id("g-xxxxx")), "want": "violation"},
		"the documentation's": {"resources": agent(id("fffffff")), "want": "violation"},
		"no id": {"resources": agent(""), "want": "unknown"},
		"null": {"resources": agent(id("~")), "want": "unknown"},
		"wrong type": {"resources": agent("kubernetes-cluster-id:\n  a: b"), "want": "unknown"},
	}
	results := multi_k8s.results with input as in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-002") == {concat(" ", [case.want, "required"])}
}

test_distinct_by_certificate[name] if {
	some name, case in {
		"known": {"facts": {"caCertificateMd5": "0f1e"}, "want": "not known: whether another cluster has the same CA certificate, of MD5 0f1e"},
		"wrong type": {"facts": {"caCertificateMd5": 5}, "want": "not known: whether another cluster has the same CA certificate"},
		"null": {"facts": null, "want": "not known: whether another cluster has the same CA certificate"},
	}
	results := multi_k8s.results with input as object.union(in_mode("multi-k8s", agent("")), {"cluster": {"spec": case.facts}})
	fixture.observed(results, "DF-MK-002") == {case.want}
}

domain(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "metadata": {"name": "a"}, "spec": spec}

test_name[name] if {
	created := [domain({"name": "prod", "type": "kubernetes"})]
	some name, case in {
		"set": {"resources": agent(named("prod")), "want": "pass recommended"},
		"of a domain": {"resources": array.concat(agent(named("prod")), created), "want": "pass recommended"},
		"of no domain": {"resources": array.concat(agent(named("test")), created), "want": "violation required"},
		"none beside a domain": {"resources": array.concat(agent(""), created), "want": "violation required"},
		"beside a cloud": {"resources": array.concat(agent(named("prod")), [domain({"type": "aws"})]), "want": "pass recommended"},
		"placeholder": {"resources": agent(named("FIXME")), "want": "violation required"},
		"variable": {"resources": agent(named("$CLUSTER_NAME")), "want": "violation required"},
		"absent": {"resources": agent(""), "want": "violation recommended"},
		"null": {"resources": agent(named("")), "want": "violation recommended"},
		"one name for two clusters": {
			"resources": array.concat(agent(both("d-1", "a")), agent_in("b", both("d-2", "a"))),
			"want": "violation recommended",
		},
		"wrong type": {"resources": agent("kubernetes-cluster-name: {a: b}"), "want": "unknown recommended"},
	}
	results := multi_k8s.results with input as in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-003") == {case.want}
}

imaged(tag, text) := [
	fixture.workload("DaemonSet", {}, {"image": concat("", ["deepflow-agent", tag])}),
	fixture.configuration(text),
]

test_id[name] if {
	some name, case in {
		"the server's": {"resources": imaged(":v7.1", id("d-a1b2c3d4e5")), "want": "pass"},
		"the server's, before v6.6": {"resources": imaged(":v6.4", id("d-a1b2c3d4e5")), "want": "pass"},
		"a name": {"resources": imaged(":v7.1", id("prod-b")), "want": "pass"},
		"a name before v6.6": {"resources": imaged(":v6.5.8", id("prod-b")), "want": "violation"},
		"a name, version not known": {"resources": imaged(":latest", id("prod-b")), "want": "unknown"},
		"a UUID": {"resources": imaged(":v7.1", id("0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a")), "want": "violation"},
		"underscore": {"resources": imaged(":v7.1", id("prod_b")), "want": "violation"},
		"placeholder": {"resources": imaged(":v7.1", id("d-xxxx")), "want": "violation"},
		"list": {"resources": imaged(":v7.1", id("[a]")), "want": "violation"},
		"absent": {"resources": imaged(":v7.1", ""), "want": "pass"},
		"null": {"resources": imaged(":v7.1", id("")), "want": "pass"},
		"wrong type": {"resources": imaged(":v7.1", id("&a b")), "want": "unknown"},
		"one id for two clusters": {
			"resources": array.concat(agent(both("d-1", "a")), agent_in("b", both("d-1", "c"))),
			"want": "violation",
		},
	}
	results := multi_k8s.results with input as in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-004") == {concat(" ", [case.want, "recommended"])}
}

group(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "g"}, "spec": spec}

communication(settings) := group({"global": {"communication": settings}})

grouped(address, resource) := array.concat(imaged(":v7.1", addresses([address])), [resource])

test_pushed[name] if {
	lb := "203.0.113.7"
	some name, case in {
		"both": {"resources": grouped(lb, communication({"proxy_controller_ip": lb, "ingester_ip": lb})), "want": "pass recommended"},
		"NAT": {"resources": grouped(lb, communication({"request_via_nat_ip": true})), "want": "pass recommended"},
		"one": {"resources": grouped(lb, communication({"ingester_ip": lb})), "want": "violation recommended"},
		"neither, public": {"resources": grouped(lb, group({})), "want": "violation recommended"},
		"neither, a name": {"resources": grouped("df.example.com", group({})), "want": "violation recommended"},
		"neither, private": {"resources": grouped("172.20.14.7", group({})), "want": "unknown recommended"},
		"neither, private IPv6": {"resources": grouped("FD00::7", group({})), "want": "unknown recommended"},
		"the default": {
			"resources": grouped(lb, communication({"proxy_controller_ip": "127.0.0.1", "ingester_ip": null})),
			"want": "violation recommended",
		},
		"placeholder": {
			"resources": grouped(lb, communication({"proxy_controller_ip": lb, "ingester_ip": "10.1.2.3"})),
			"want": "violation recommended",
		},
		"wrong type": {
			"resources": grouped(lb, communication({"proxy_controller_ip": 5, "ingester_ip": lb})),
			"want": "violation recommended",
		},
		"no group in the input": {"resources": imaged(":v7.1", addresses([lb])), "want": "unknown recommended"},
		"controller-ips of a wrong type": {"resources": imaged(":v7.1", "controller-ips: {a: b}"), "want": "unknown recommended"},
		"group of a wrong type": {"resources": imaged(":v7.1", "vtap-group-id-request: {a: b}"), "want": "unknown recommended"},
		"an example's group": {"resources": imaged(":v7.1", "vtap-group-id-request: g-xxxxx"), "want": "violation required"},
		"former names": {
			"resources": array.concat(imaged(":v6.4", addresses([lb])), [group({"proxy_controller_ip": lb, "analyzer_ip": lb})]),
			"want": "pass recommended",
		},
	}
	results := multi_k8s.results with input as in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-005") == {case.want}
}

test_modes[mode] if {
	some mode, want in {
		"multi-k8s": {"DF-MK-001", "DF-MK-002", "DF-MK-003", "DF-MK-004", "DF-MK-005"},
		"managed-k8s": {"DF-MK-001", "DF-MK-004"},
		"serverless-pod": {"DF-MK-001"},
		"single-k8s": set(),
	}
	results := multi_k8s.results with input as in_mode(mode, agent(""))
	{result.id | some result in results} == want
}

test_no_subject_no_result if {
	results := multi_k8s.results with input as in_mode("multi-k8s", [service("a", "b")])
	results == set()
}
