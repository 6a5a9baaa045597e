package dfpolicy.requirements.af_packet.free_port_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.free_port

test_verdict[name] if {
	some name, case in {
		"free": {"facts": {"portsInUse": [22]}, "want": "pass informational"},
		"in use": {"facts": {"portsInUse": [22, 38086]}, "want": "violation informational"},
		"unknown": {"facts": {}, "want": "unknown informational"},
		"wrong type": {"facts": {"portsInUse": "38086"}, "want": "unknown informational"},
	}
	results := free_port.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-NET-006") == {case.want}
}

test_of_the_group[name] if {
	some name, case in {
		"another port, in use": {"integration": {"listen_port": 38087}, "want": {"port 38087 is in use on a"}},
		"off": {"integration": {"enabled": false, "listen_port": 38087}, "want": {"the agent group does not receive integration data"}},
		"wrong type": {"integration": {"listen_port": "38087"}, "want": {"port 38086 is free on every node"}},
	}
	group := fixture.document("AgentGroupConfig", "g", {"inputs": {"integration": case.integration}})
	document := fixture.on_node({"portsInUse": [38087, "38086"]})
	results := free_port.results with input as object.union(document, {"resources": array.concat(document.resources, [group])})
	fixture.observed(results, "DF-NET-006") == case.want
}

test_without_the_host_network if {
	results := free_port.results with input as fixture.agent({"hostNetwork": false}, {})
	fixture.verdicts(results, "DF-NET-006") == {"pass informational"}
}

test_of_hosts[name] if {
	some name, case in {
		"compose": {"document": fixture.composed({"network_mode": null}, []), "want": {"network_mode is not host, so the container has its own port"}},
		"systemd": {"document": fixture.started({"PrivateNetwork": ["yes"]}, []), "want": {"PrivateNetwork= is set, so the unit has its own port"}},
	}
	results := free_port.results with input as case.document
	fixture.observed(results, "DF-NET-006") == case.want
}
