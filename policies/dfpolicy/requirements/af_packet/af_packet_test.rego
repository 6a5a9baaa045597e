package dfpolicy.requirements.af_packet_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet

# The grades of the table in the catalogue: host network, host PID, capabilities
# and the version of the image.
test_host_network[name] if {
	image := "deepflow-agent"
	own := {"hostNetwork": false}
	some name, case in {
		"host network": {"pod": {}, "image": "a/deepflow-agent:v6.1", "drop": "", "want": "pass required"},
		"host network without SYS_ADMIN": {"pod": {}, "image": image, "drop": "SYS_ADMIN", "want": "pass required"},
		"host network without hostPID": {
			"pod": {"hostPID": false},
			"image": image,
			"drop": "",
			"want": "pass required",
		},
		"equivalent": {"pod": own, "image": "a/deepflow-agent:v7.1", "drop": "", "want": "violation recommended"},
		"equivalent from v6.3": {"pod": own, "image": "a/deepflow-agent:v6.3.0", "drop": "", "want": "violation recommended"},
		"before v6.3": {"pod": own, "image": "a/deepflow-agent:v6.2.6", "drop": "", "want": "violation required"},
		"latest": {"pod": own, "image": "a/deepflow-agent:latest", "drop": "", "want": "unknown required"},
		"digest": {"pod": own, "image": "a/deepflow-agent:v7.1@sha256:00", "drop": "", "want": "unknown required"},
		"no SYS_ADMIN": {"pod": own, "image": "a/deepflow-agent:v7.1", "drop": "SYS_ADMIN", "want": "violation required"},
		"no SYS_PTRACE": {"pod": own, "image": "a/deepflow-agent:v7.1", "drop": "SYS_PTRACE", "want": "violation required"},
		"latest, no SYS_ADMIN": {"pod": own, "image": image, "drop": "SYS_ADMIN", "want": "violation required"},
		"no hostPID": {
			"pod": {"hostNetwork": null, "hostPID": null},
			"image": "a/deepflow-agent:v7.1",
			"drop": "",
			"want": "violation required",
		},
		"text": {
			"pod": {"hostNetwork": "true", "hostPID": false},
			"image": "a/deepflow-agent:v7.1",
			"drop": "",
			"want": "violation required",
		},
	}
	container := object.union(fixture.without(case.drop), {"image": case.image})
	results := af_packet.results with input as fixture.agent(case.pod, container)
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}

test_strict_accepts_no_equivalent[name] if {
	some name, case in {
		"equivalent": {"image": "deepflow-agent:v7.1", "want": "violation required"},
		"version unknown": {"image": "deepflow-agent", "want": "violation required"},
	}
	document := object.union(fixture.agent({"hostNetwork": false}, {"image": case.image}), {"profile": "strict"})
	results := af_packet.results with input as document
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}

test_the_user_states_the_version if {
	document := object.union(
		fixture.agent({"hostNetwork": false}, {"image": "deepflow-agent:latest"}),
		{"parameters": {"agentVersion": "v6.2"}},
	)
	results := af_packet.results with input as document
	fixture.verdicts(results, "DF-NET-001") == {"violation required"}
}

test_capabilities[name] if {
	some name, case in {
		"NET_RAW held": {"id": "DF-NET-002", "container": {}, "want": "pass required"},
		"NET_RAW missing": {"id": "DF-NET-002", "container": fixture.without("NET_RAW"), "want": "violation required"},
		"NET_ADMIN held": {"id": "DF-NET-003", "container": {}, "want": "pass required"},
		"NET_ADMIN missing": {
			"id": "DF-NET-003",
			"container": fixture.without("NET_ADMIN"),
			"want": "violation required",
		},
		"IPC_LOCK held": {"id": "DF-NET-004", "container": {}, "want": "pass recommended"},
		"IPC_LOCK missing": {
			"id": "DF-NET-004",
			"container": fixture.without("IPC_LOCK"),
			"want": "violation recommended",
		},
		"wrong type": {
			"id": "DF-NET-004",
			"container": {"securityContext": {"capabilities": {"add": "IPC_LOCK"}}},
			"want": "violation recommended",
		},
	}
	results := af_packet.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, case.id) == {case.want}
}

test_dns_policy[name] if {
	name_server := "controller-ips: [deepflow-server]"
	plain := {"dnsPolicy": "ClusterFirst"}
	some name, case in {
		"own network": {"pod": {"hostNetwork": false}, "text": name_server, "want": "pass required"},
		"own network, the node's resolver": {
			"pod": {"hostNetwork": false, "dnsPolicy": "Default"},
			"text": name_server,
			"want": "violation required",
		},
		"with host net": {"pod": {}, "text": name_server, "want": "pass required"},
		"cluster first, a name": {"pod": plain, "text": name_server, "want": "violation required"},
		"no policy, a name": {"pod": {"dnsPolicy": null}, "text": name_server, "want": "violation required"},
		"one name among addresses": {
			"pod": plain,
			"text": "controller-ips: [10.0.0.1, deepflow-server]",
			"want": "violation required",
		},
		"addresses": {"pod": plain, "text": "controller-ips: [10.0.0.1, 10.0.0.2]", "want": "pass required"},
		"no address": {"pod": plain, "text": "log-file: a", "want": "violation required"},
		"opaque": {"pod": plain, "text": "controller-ips: *servers", "want": "unknown required"},
		"no plain text": {"pod": plain, "text": "- a", "want": "unknown required"},
	}
	results := af_packet.results with input as fixture.configured(case.pod, case.text)
	fixture.verdicts(results, "DF-NET-005") == {case.want}
}

test_dns_policy_without_configuration if {
	results := af_packet.results with input as fixture.agent({"dnsPolicy": "Default"}, {})
	fixture.verdicts(results, "DF-NET-005") == {"unknown required"}
}

test_dns_policy_with_an_empty_config_map if {
	resources := [
		fixture.workload("DaemonSet", {"dnsPolicy": "Default"}, {}),
		object.remove(fixture.configuration(""), ["data"]),
	]
	results := af_packet.results with input as {"resources": resources}
	fixture.verdicts(results, "DF-NET-005") == {"violation required"}
}

test_host_port[name] if {
	some name, case in {
		"free": {"facts": {"portsInUse": [22]}, "want": "pass informational"},
		"in use": {"facts": {"portsInUse": [22, 38086]}, "want": "violation informational"},
		"unknown": {"facts": {}, "want": "unknown informational"},
		"wrong type": {"facts": {"portsInUse": "38086"}, "want": "unknown informational"},
	}
	results := af_packet.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-NET-006") == {case.want}
}

test_host_port_on_the_own_network if {
	results := af_packet.results with input as fixture.agent({"hostNetwork": false}, {})
	fixture.verdicts(results, "DF-NET-006") == {"pass informational"}
}

test_the_remedy_names_both_values if {
	results := af_packet.results with input as fixture.configured({"dnsPolicy": "ClusterFirst"}, "controller-ips: [a]")
	some result in results
	result.id == "DF-NET-005"
	contains(result.remediation, "dnsPolicy: ClusterFirstWithHostNet")
	contains(result.remediation, `hostNetwork: "true"`)
}

test_no_subject_no_result if {
	results := af_packet.results with input as {"resources": [fixture.configuration("controller-ips: [a]")]}
	results == set()
}

test_host_network_of_compose[name] if {
	some name, case in {
		"host": {"change": {}, "observed": "network_mode is host", "want": "pass required"},
		"bridge": {
			"change": {"network_mode": "bridge"},
			"observed": concat("", [
				"network_mode is not host; met by an equivalent: pid: host, SYS_ADMIN and SYS_PTRACE ",
				"let the agent enter the host's namespace",
			]),
			"want": "violation recommended",
		},
		"bridge, without capabilities": {
			"change": {"network_mode": "bridge", "cap_add": ["SYS_PTRACE"]},
			"observed": "network_mode is not host and cap_add does not hold SYS_ADMIN",
			"want": "violation required",
		},
		"neither": {
			"change": {"network_mode": null, "pid": null},
			"observed": "neither network_mode nor pid is host: the agent takes the container's network namespace for the host's",
			"want": "violation required",
		},
	}
	results := af_packet.results with input as fixture.composed(case.change, [])
	fixture.verdicts(results, "DF-NET-001") == {case.want}
	fixture.observed(results, "DF-NET-001") == {case.observed}
}

test_host_network_of_systemd[name] if {
	some name, case in {
		"shared": {"change": {}, "version": null, "want": "pass required"},
		"its own": {"change": {"PrivateNetwork": ["yes"]}, "version": null, "want": "unknown required"},
		"its own, entered": {"change": {"PrivateNetwork": ["yes"]}, "version": "v7.1", "want": "violation recommended"},
		"its own, old": {"change": {"PrivateNetwork": ["yes"]}, "version": "v6.2", "want": "violation required"},
		"its own, without capabilities": {
			"change": {"PrivateNetwork": ["yes"], "CapabilityBoundingSet": ["CAP_NET_RAW"]},
			"version": "v7.1",
			"want": "violation required",
		},
	}
	parameters := {"parameters": {"agentVersion": case.version}}
	results := af_packet.results with input as object.union(fixture.started(case.change, []), parameters)
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}

test_host_port_of_hosts[name] if {
	some name, case in {
		"compose": {"document": fixture.composed({"network_mode": null}, []), "want": {"network_mode is not host, the port is the container's own"}},
		"systemd": {"document": fixture.started({"PrivateNetwork": ["yes"]}, []), "want": {"PrivateNetwork= is set, the port is the unit's own"}},
	}
	results := af_packet.results with input as case.document
	fixture.observed(results, "DF-NET-006") == case.want
}

test_what_hosts_are_asked if {
	ids := {"DF-NET-001", "DF-NET-002", "DF-NET-003", "DF-NET-004", "DF-NET-006"}
	some document in [fixture.composed({}, []), fixture.started({}, [])]
	results := af_packet.results with input as document
	{result.id | some result in results} == ids
}
