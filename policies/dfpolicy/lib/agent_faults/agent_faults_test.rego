package dfpolicy.lib.agent_faults_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_faults
import data.dfpolicy.lib.fixture_test as fixture

# The findings about a decoded file of an agent of this version.
_faults(version, file) := texts if {
	map := object.union(fixture.configuration("a: b"), {"decoded": {"deepflow-agent.yaml": file}})
	resources := [fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{version}"}), map]
	texts := [fault.text |
		some workload in agent.workloads
		some fault in agent_faults.of_file(workload)
	] with input as {"resources": resources}
}

_entry(line, key, given) := {"key": key, "line": line, "value": given}

_mapping(entries) := {"root": "mapping", "entries": entries}

_plain(text) := {"plain": text}

test_document[name] if {
	some name, case in {
		"not YAML": {
			"file": {"problem": {"reason": "yaml", "line": 2, "detail": "a tab"}},
			"want": ["line 2: deepflow-agent.yaml is not valid YAML (a tab)"],
		},
		"not YAML, without detail": {"file": {"problem": {"reason": "yaml", "detail": ""}}, "want": ["deepflow-agent.yaml is not valid YAML"]},
		"two documents": {
			"file": {"problem": {"reason": "documents", "line": 3, "detail": ""}},
			"want": ["line 3: deepflow-agent.yaml has more than one YAML document"],
		},
		"key": {
			"file": {"problem": {"reason": "key", "line": 1, "detail": ""}},
			"want": ["line 1: deepflow-agent.yaml has a key that is not a string"],
		},
		"list": {"file": {"root": "list", "entries": []}, "want": ["the top level of deepflow-agent.yaml is not a mapping of keys"]},
		"string": {"file": {"root": "scalar", "entries": []}, "want": ["the top level of deepflow-agent.yaml is not a mapping of keys"]},
		"empty": {"file": {"root": "empty", "entries": []}, "want": []},
		"comments": {"file": {"root": "nothing", "entries": []}, "want": []},
		"mapping": {"file": _mapping([]), "want": []},
	}
	_faults("v7.1", case.file) == case.want
}

# serde_yaml 0.8 and 0.9 accept different files.
test_releases[name] if {
	some name, case in {
		"comments": {"file": {"root": "nothing", "entries": []}, "count": 1},
		"empty list": {"file": _mapping([_entry(1, "controller-ips", _plain(""))]), "count": 1},
		"capital boolean": {"file": _mapping([_entry(1, "cgroups-disabled", _plain("True"))]), "count": 1},
	}
	count(_faults("v6.5.9", case.file)) == case.count
	_faults("v6.6", case.file) == []
	_faults("latest", case.file) == []
}

test_repeated_key if {
	file := _mapping([_entry(1, "log-file", "a"), _entry(4, "log-file", "b"), _entry(5, "x", "a"), _entry(6, "x", "a")])
	_faults("v7.1", file) == ["line 4: log-file is repeated"]
}

test_a_key_of_a_later_release_is_ignored if {
	file := _mapping([_entry(1, "liveness-probe-port", "80"), _entry(2, "team-id", ["a"])])
	_faults("v6.4.1", file) == []
	_faults("v7.1", file) == ["line 2: team-id is a list, but must be a string"]
	count(_faults("latest", file)) == 2
}

test_type_accepted[name] if {
	some name, case in {
		"list": {"key": "controller-domain-name", "value": [_plain("5"), "b"]},
		"number": {"key": "controller-port", "value": _plain("65535")},
		"signed": {"key": "controller-port", "value": _plain("+5")},
		"hexadecimal": {"key": "controller-port", "value": _plain("0x7553")},
		"octal": {"key": "controller-port", "value": _plain("0o17")},
		"binary": {"key": "controller-port", "value": _plain("0b11")},
		"tag": {"key": "controller-port", "value": {"tagged": "5"}},
		"number as a string": {"key": "log-file", "value": _plain("5")},
		"null as a string": {"key": "kubernetes-cluster-name", "value": _plain("")},
		"boolean": {"key": "cgroups-disabled", "value": _plain("true")},
		"identifier": {"key": "agent-unique-identifier", "value": "ip_and_mac"},
	}
	_faults("v7.1", _mapping([_entry(1, case.key, case.value)])) == []
}

test_type_rejected[name] if {
	number := "a whole number from 0 to 65535, without quotes"
	some name, case in {
		"scalar list": {"key": "controller-ips", "value": _plain("10.0.0.1"), "want": "10.0.0.1, but must be a list of strings"},
		"null list": {"key": "controller-ips", "value": _plain("~"), "want": "~, but must be a list of strings"},
		"nested list": {"key": "controller-ips", "value": [{"nested": true}], "want": "a list, but must be a list of strings"},
		"quoted number": {"key": "controller-port", "value": "30035", "want": $"\"30035\", but must be {number}"},
		"large number": {"key": "controller-port", "value": _plain("65536"), "want": $"65536, but must be {number}"},
		"negative number": {"key": "controller-port", "value": _plain("-1"), "want": $"-1, but must be {number}"},
		"leading zero": {"key": "controller-port", "value": _plain("030035"), "want": $"030035, but must be {number}"},
		"fraction": {"key": "controller-port", "value": _plain("1.0"), "want": $"1.0, but must be {number}"},
		"no number": {"key": "controller-port", "value": _plain(""), "want": $"empty, but must be {number}"},
		"large hexadecimal": {"key": "controller-port", "value": _plain("0x10000"), "want": $"0x10000, but must be {number}"},
		"quoted boolean": {"key": "cgroups-disabled", "value": "true", "want": "\"true\", but must be true or false, without quotes"},
		"word": {"key": "cgroups-disabled", "value": _plain("yes"), "want": "yes, but must be true or false, without quotes"},
		"identifier": {"key": "agent-unique-identifier", "value": _plain("mac"), "want": "mac, but must be ip or ip-and-mac"},
		"list of lists": {"key": "controller-ips", "value": [{"plain": [null]}], "want": "a list, but must be a list of strings"},
		"list as a string": {"key": "override-os-hostname", "value": {"plain": [null]}, "want": "a mapping, but must be a string"},
		"mapping": {"key": "override-os-hostname", "value": {"nested": true}, "want": "a mapping, but must be a string"},
	}
	_faults("v7.1", _mapping([_entry(1, case.key, case.value)])) == [$"line 1: {case.key} is {case.want}"]
}

test_addresses[name] if {
	some name, case in {
		"IPv4": {"given": _plain("10.0.0.1"), "want": true},
		"IPv6": {"given": "fd00::1", "want": true},
		"IPv6 in brackets": {"given": "[fd00::1]", "want": true},
		"zone": {"given": _plain("fe80::1%eth0"), "want": true},
		"name": {"given": _plain("deepflow-server.deepflow.svc."), "want": true},
		"underscore": {"given": _plain("a_b.example.com"), "want": true},
		"tag": {"given": {"tagged": "a"}, "want": true},
		"URL": {"given": _plain("http://10.0.0.1:30035"), "want": false},
		"port": {"given": _plain("10.0.0.1:30035"), "want": false},
		"network": {"given": _plain("10.0.0.1/24"), "want": false},
		"comma": {"given": "10.0.0.1,10.0.0.2", "want": false},
		"leading zero": {"given": _plain("010.20.1.4"), "want": false},
		"number above 255": {"given": _plain("10.0.0.256"), "want": false},
		"three numbers": {"given": _plain("10.0.1"), "want": false},
		"hexadecimal": {"given": _plain("0x7f000001"), "want": false},
		"empty": {"given": "", "want": false},
		"null": {"given": _plain("null"), "want": false},
		"blank": {"given": "a b", "want": false},
		"placeholder": {"given": _plain("<server>"), "want": false},
	}
	found := _faults("v7.1", _mapping([_entry(2, "controller-ips", [case.given])]))
	found == [fault | not case.want; fault := concat("", [
		"line 2: controller-ips contains ",
		_shown(case.given),
		", which is neither an IP address nor a host name",
	])]
}

_shown(given) := $"\"{given}\"" if {
	is_string(given)
} else := given.plain

test_tagged if {
	map := object.union(fixture.configuration("a: b"), {"decoded": {"deepflow-agent.yaml": _mapping([
		_entry(1, "controller-ips", [{"tagged": "a"}, "b"]),
		_entry(2, "log-file", {"tagged": "a"}),
		_entry(3, "team-id", "a"),
		_entry(4, "other", {"tagged": "a"}),
	])}})
	found := [agent_faults.tagged(workload) | some workload in agent.workloads] with input as {"resources": [
		fixture.workload("DaemonSet", {}, {}),
		map,
	]}
	found == [["controller-ips", "log-file"]]
}
