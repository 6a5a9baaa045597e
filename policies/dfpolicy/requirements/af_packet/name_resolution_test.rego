package dfpolicy.requirements.af_packet.name_resolution_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.name_resolution

_service(namespace, name) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": name, "namespace": namespace},
	"spec": {"selector": {"component": "deepflow-server"}},
}

_judged(pod, address, services) := results if {
	document := fixture.configured(pod, concat("", ["controller-ips: [", address, "]"]))
	results := name_resolution.results with input as {"resources": array.concat(document.resources, services)}
}

test_resolver[name] if {
	some name, case in {
		"own network": {"pod": {"hostNetwork": false, "dnsPolicy": null}, "want": "pass required"},
		"own network, the node's resolver": {"pod": {"hostNetwork": false, "dnsPolicy": "Default"}, "want": "violation required"},
		"host network, for it": {"pod": {}, "want": "pass required"},
		"host network, the default": {"pod": {"dnsPolicy": null}, "want": "violation required"},
		"host network, an empty policy": {"pod": {"dnsPolicy": ""}, "want": "violation required"},
		"an unknown policy": {"pod": {"dnsPolicy": "ClusterDefault"}, "want": "violation required"},
		"a policy of the wrong type": {"pod": {"dnsPolicy": 5}, "want": "violation required"},
		"none without a name server": {"pod": {"dnsPolicy": "None"}, "want": "violation required"},
		"none with a public name server": {
			"pod": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["8.8.8.8", "10.96.0.10"], "searches": ["deepflow.svc.cluster.local"]}},
			"want": "violation required",
		},
		"none with a name server that can be the cluster's": {
			"pod": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"], "searches": ["deepflow.svc.cluster.local"]}},
			"want": "unknown required",
		},
		"none without a search domain": {"pod": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"]}}, "want": "violation required"},
		"none with the search domain of another namespace": {
			"pod": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"], "searches": ["other.svc.cluster.local."]}},
			"want": "violation required",
		},
		"the resolver of a cloud": {
			"pod": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["169.254.169.253"], "searches": ["deepflow.svc.cluster.local"]}},
			"want": "violation required",
		},
		"the node's resolver, and one that can be the cluster's": {
			"pod": {"dnsPolicy": "Default", "dnsConfig": {"nameservers": ["10.96.0.10"], "searches": ["deepflow.svc.cluster.local"]}},
			"want": "unknown required",
		},
		"a search domain elsewhere": {"pod": {"dnsPolicy": "Default", "dnsConfig": {"searches": ["corp.example"]}}, "want": "unknown required"},
		"in the hosts file": {
			"pod": {"dnsPolicy": "None", "hostAliases": [{"ip": "10.96.120.7", "hostnames": ["a", "DeepFlow-Server"]}]},
			"want": "pass required",
		},
		"in the hosts file without an address": {
			"pod": {"dnsPolicy": "Default", "hostAliases": [{"ip": "", "hostnames": ["deepflow-server"]}]},
			"want": "violation required",
		},
	}
	results := _judged(case.pod, "deepflow-server", [_service("deepflow", "deepflow-server")])
	fixture.verdicts(results, "DF-NET-005") == {case.want}
}

test_names[name] if {
	some name, case in {
		"short": {"address": "deepflow-server", "services": [_service("deepflow", "deepflow-server")], "want": "pass required"},
		"short, in another namespace": {"address": "deepflow-server", "services": [_service("df", "deepflow-server")], "want": "violation required"},
		"short, the server has another name": {"address": "deepflow-server", "services": [_service("deepflow", "dfs-server")], "want": "violation required"},
		"short, in no object of the input": {"address": "deepflow-server", "services": [], "want": "unknown required"},
		"short with a dot, which ends the search": {"address": "deepflow-server.", "services": [], "want": "violation required"},
		"with its namespace": {"address": "deepflow-server.df", "services": [_service("df", "deepflow-server")], "want": "pass required"},
		"with a wrong namespace": {"address": "deepflow-server.deepflow", "services": [_service("df", "deepflow-server")], "want": "violation required"},
		"full": {"address": "deepflow-server.df.svc.cluster.local.", "services": [_service("df", "deepflow-server")], "want": "pass required"},
		"of a pod": {"address": "deepflow-server-0.s.df.svc", "services": [_service("df", "s")], "want": "pass required"},
		"with a namespace that is perhaps a domain": {"address": "df.corp", "services": [], "want": "unknown required"},
		"elsewhere": {"address": "deepflow.corp.example", "services": [], "want": "pass required"},
		"a URL": {"address": "http://deepflow.corp.example", "services": [], "want": "violation required"},
		"an address and a name": {"address": "10.0.0.1, deepflow-server", "services": [_service("df", "deepflow-server")], "want": "violation required"},
		"addresses": {"address": "10.0.0.1, fd00::1", "services": [], "want": "pass required"},
		"placeholder": {"address": "CHANGEME", "services": [], "want": "violation required"},
		"nothing": {"address": "", "services": [], "want": "violation required"},
		"opaque": {"address": "a], b: *c, d: [", "services": [], "want": "unknown required"},
	}
	results := _judged({}, case.address, case.services)
	fixture.verdicts(results, "DF-NET-005") == {case.want}
}

test_names_on_the_node[name] if {
	some name, case in {
		"elsewhere": {"address": "deepflow.corp.example", "services": [], "want": "pass required"},
		"a Service of the input": {"address": "obs.df", "services": [_service("df", "obs")], "want": "violation required"},
		"perhaps a Service": {"address": "obs.df", "services": [], "want": "unknown required"},
		"full": {"address": "obs.df.svc.k8s.corp", "services": [], "want": "violation required"},
	}
	results := _judged({"dnsPolicy": "ClusterFirst"}, case.address, case.services)
	fixture.verdicts(results, "DF-NET-005") == {case.want}
}

test_without_completion_beyond_ndots if {
	pod := {"dnsPolicy": "None", "dnsConfig": {
		"nameservers": ["10.96.0.10"],
		"searches": ["svc.cluster.local"],
		"options": [{"name": "ndots", "value": "1"}],
	}}
	results := _judged(pod, "deepflow-server.df", [_service("df", "deepflow-server")])
	fixture.observed(results, "DF-NET-005") == {"no search domain of the pod completes deepflow-server.df to the name of a Service"}
}

test_a_part_of_a_deployment_does_not_show_where_the_server_is if {
	resources := array.concat(fixture.configured({}, "controller-ips: [deepflow-server]").resources, [_service("deepflow", "dfs-server")])
	results := name_resolution.results with input as {"resources": resources, "partial": true}
	fixture.verdicts(results, "DF-NET-005") == {"unknown required"}
}

test_the_remedy_fits_the_fault if {
	misplaced := _judged({}, "deepflow-server", [_service("df", "deepflow-server")])
	{contains(result.remediation, "SERVICE.NAMESPACE") | some result in misplaced} == {true}
	node := _judged({"dnsPolicy": null}, "deepflow-server", [])
	{[result.expected, contains(result.remediation, "ClusterFirstWithHostNet")] | some result in node} == {["dnsPolicy is ClusterFirstWithHostNet", true]}
	inner := _judged({"hostNetwork": false, "dnsPolicy": "Default"}, "deepflow-server", [])
	{result.expected | some result in inner} == {"dnsPolicy is ClusterFirst"}
}

test_without_configuration if {
	results := name_resolution.results with input as fixture.agent({"dnsPolicy": "Default"}, {})
	fixture.verdicts(results, "DF-NET-005") == {"unknown required"}
}

test_with_an_empty_config_map if {
	resources := [
		fixture.workload("DaemonSet", {"dnsPolicy": "Default"}, {}),
		object.remove(fixture.configuration(""), ["data"]),
	]
	results := name_resolution.results with input as {"resources": resources}
	{[result.observed, result.cause] | some result in results} == {["controller-ips is empty", "DF-CH-001"]}
}

test_names_what_to_run if {
	unknown := _judged({}, "deepflow-server, obs.df", [])
	{result.collect | some result in unknown} == {concat("; ", [
		"kubectl get service -n deepflow deepflow-server",
		"kubectl run -n deepflow --rm -it --restart=Never --image=busybox resolve -- nslookup obs.df",
	])}
	node := _judged({"dnsPolicy": "Default"}, "obs.df", [])
	{result.collect | some result in node} == {"getent hosts obs.df, on a node"}
}
