package dfpolicy.requirements.legacy_host.server_addresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared
import data.dfpolicy.requirements.legacy_host.server_addresses

_results(document) := results if {
	results := server_addresses.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

test_verdict[name] if {
	some name, case in {
		"given": {"spec": {"controller-ips": ["10.0.0.1", "10.0.0.2"]}, "want": "pass required"},
		"a name": {"spec": {"controller-ips": ["server.example.com"]}, "want": "pass required"},
		"a string": {"spec": {"controller-ips": "10.0.0.1"}, "want": "violation required"},
		"a name in a cluster": {"spec": {"controller-ips": ["deepflow-server.deepflow.svc"]}, "want": "violation required"},
		"a short name": {"spec": {"controller-ips": ["deepflow-server"]}, "want": "unknown required"},
		"empty": {"spec": {"controller-ips": []}, "want": "violation required"},
		"null": {"spec": {"controller-ips": null}, "want": "violation required"},
		"absent": {"spec": {"log-file": "a"}, "want": "violation required"},
		"a placeholder": {"spec": {"controller-ips": ["10.0.0.1", "10.1.2.3"]}, "want": "violation required"},
		"an object": {"spec": {"controller-ips": {"a": "b"}}, "want": "violation required"},
		"a list in the list": {"spec": {"controller-ips": [["10.0.0.1"]]}, "want": "violation required"},
		"not an object": {"spec": ["a"], "want": "violation required"},
		"not an address": {"spec": {"controller-ips": ["10.0.0.1:30035"]}, "want": "violation required"},
	}
	_verdicts(fixture.started({}, [shared.file(case.spec)]), "DF-LH-001") == {case.want}
	_verdicts(shared.cloud(fixture.composed({}, [shared.file(case.spec)])), "DF-LH-001") == {case.want}
}

test_extra_hosts[name] if {
	some name, case in {
		"a list": {"hosts": ["Deepflow-Server:10.0.0.7"], "want": "pass required"},
		"an equal sign": {"hosts": ["deepflow-server=[fd00::7]"], "want": "pass required"},
		"IPv6": {"hosts": ["deepflow-server:fd00::7"], "want": "pass required"},
		"an object": {"hosts": {"deepflow-server": "10.0.0.7"}, "want": "pass required"},
		"several": {"hosts": {"deepflow-server": ["10.0.0.7", "10.0.0.8"]}, "want": "pass required"},
		"a default": {"hosts": ["deepflow-server:${SERVER:-10.0.0.7}"], "want": "pass required"},
		"the host": {"hosts": ["deepflow-server:host-gateway"], "want": "pass required"},
		"a variable": {"hosts": ["deepflow-server:${SERVER}"], "want": "unknown required"},
		"another name": {"hosts": ["server:10.0.0.7"], "want": "unknown required"},
		"no address": {"hosts": ["deepflow-server"], "want": "unknown required"},
		"wrong type": {"hosts": {"deepflow-server": null}, "want": "unknown required"},
	}
	file := shared.file({"controller-ips": ["deepflow-server"]})
	_verdicts(fixture.composed({"extra_hosts": case.hosts}, [file]), "DF-LH-001") == {case.want}
}

test_a_name_of_a_service_in_extra_hosts if {
	file := shared.file({"controller-ips": ["deepflow-server.deepflow.svc"]})
	hosts := ["deepflow-server.deepflow.svc:10.0.0.7"]
	_verdicts(fixture.composed({"extra_hosts": hosts}, [file]), "DF-LH-001") == {"pass required"}
}

test_without_the_file if {
	_verdicts(fixture.started({}, []), "DF-LH-001") == {"unknown required"}
	_observed(fixture.composed({}, []), "DF-LH-001") == {"not known: the agent's file /etc/deepflow-agent/deepflow-agent.yaml"}
}

test_the_file_is_mounted[name] if {
	some name, case in {
		"the directory": {"volumes": ["/etc/deepflow:/etc/deepflow-agent"], "want": "pass required"},
		"elsewhere": {"volumes": ["/etc/deepflow-agent.yaml:/etc/deepflow-agent.yaml"], "want": "violation required"},
		"nothing": {"volumes": null, "want": "violation required"},
	}
	_verdicts(fixture.composed({"volumes": case.volumes}, [shared.configuration]), "DF-LH-001") == {case.want}
}
