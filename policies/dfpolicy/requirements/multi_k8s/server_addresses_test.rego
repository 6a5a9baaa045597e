package dfpolicy.requirements.multi_k8s.server_addresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as shared
import data.dfpolicy.requirements.multi_k8s.server_addresses

test_verdict[name] if {
	some name, case in {
		"nodes": {"text": shared.addresses(["172.20.14.7", "172.20.14.8"]), "want": "pass"},
		"a name of the public DNS": {"text": shared.addresses(["deepflow.example.com"]), "want": "pass"},
		"the default": {"text": shared.addresses(["deepflow-server"]), "want": "violation"},
		"with its namespace": {"text": shared.addresses(["deepflow-server.deepflow"]), "want": "violation"},
		"another Service": {"text": shared.addresses(["df.observe.svc"]), "want": "violation"},
		"its full name": {"text": shared.addresses(["df.observe.svc.cluster.local."]), "want": "violation"},
		"together with an address": {"text": shared.addresses(["172.20.14.7", "deepflow-server"]), "want": "violation"},
		"FIXME": {"text": shared.addresses(["FIXME"]), "want": "violation"},
		"the documentation's": {"text": shared.addresses(["10.1.2.3"]), "want": "violation"},
		"none": {"text": "controller-ips: []", "want": "violation"},
		"null": {"text": "controller-ips:", "want": "violation"},
		"wrong type": {"text": "controller-ips:\n  a: b", "want": "violation"},
		"URL": {"text": "controller-ips: [\"http://10.0.0.1:30035\"]", "want": "violation"},
		"no file": {"text": null, "want": "violation"},
	}
	results := server_addresses.results with input as shared.in_mode("multi-k8s", shared.agent(case.text))
	fixture.verdicts(results, "DF-MK-001") == {concat(" ", [case.want, "required"])}
}

test_same_cluster[name] if {
	some name, case in {
		"address": {"address": "172.20.14.7", "services": [], "want": "pass"},
		"default": {"address": "deepflow-server", "services": [shared.service("deepflow", "deepflow-server")], "want": "pass"},
		"default, elsewhere": {"address": "deepflow-server", "services": [shared.service("df", "deepflow-server")], "want": "violation"},
		"default, not in the input": {"address": "deepflow-server", "services": [shared.service("df", "other")], "want": "unknown"},
		"with its namespace": {"address": "deepflow-server.df.svc", "services": [shared.service("df", "deepflow-server")], "want": "pass"},
		"with a dot, which ends the search": {
			"address": "deepflow-server.",
			"services": [shared.service("deepflow", "deepflow-server")],
			"want": "violation",
		},
		"placeholder": {"address": "10.4.5.6", "services": [], "want": "violation"},
	}
	resources := array.concat(shared.agent(shared.addresses([case.address])), case.services)
	managed := server_addresses.results with input as shared.in_mode("managed-k8s", resources)
	fixture.verdicts(managed, "DF-MK-001") == {concat(" ", [case.want, "required"])}
	serverless := server_addresses.results with input as shared.in_mode("serverless-pod", resources)
	serverless == {result | some result in managed; result.id == "DF-MK-001"}
}

test_a_service_that_leads_to_another_cluster if {
	outward := object.union(shared.service("deepflow", "deepflow-server"), {"spec": {"type": "ExternalName"}})
	resources := array.concat(shared.agent(shared.addresses(["deepflow-server"])), [outward])
	results := server_addresses.results with input as shared.in_mode("multi-k8s", resources)
	fixture.verdicts(results, "DF-MK-001") == {"pass required"}
}

test_a_name_in_the_hosts_file if {
	alias := {"hostAliases": [{"ip": "172.20.14.7", "hostnames": ["deepflow-server"]}]}
	document := fixture.configured(alias, shared.addresses(["deepflow-server"]))
	results := server_addresses.results with input as object.union(document, {"mode": "multi-k8s"})
	fixture.verdicts(results, "DF-MK-001") == {"pass required"}
}

test_names_the_service if {
	elsewhere := array.concat(shared.agent(shared.addresses(["deepflow-server"])), [shared.service("df", "deepflow-server")])
	results := server_addresses.results with input as shared.in_mode("managed-k8s", elsewhere)
	fixture.observed(results, "DF-MK-001") == {"Service deepflow-server is in namespace df, not in deepflow"}
	unknown := server_addresses.results with input as shared.in_mode("managed-k8s", shared.agent(shared.addresses(["deepflow-server"])))
	{result.collect | some result in unknown; result.id == "DF-MK-001"} == {"kubectl get service -n deepflow deepflow-server"}
}

test_without_the_file if {
	results := server_addresses.results with input as object.union(fixture.agent({}, {}), {"mode": "multi-k8s"})
	fixture.verdicts(results, "DF-MK-001") == {"unknown required"}
}
