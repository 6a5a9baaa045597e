package dfpolicy.requirements.af_packet.host_network_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.host_network

# The levels by host network, host PID, capabilities and version of the image.
test_verdict[name] if {
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
		"string": {
			"pod": {"hostNetwork": "true", "hostPID": false},
			"image": "a/deepflow-agent:v7.1",
			"drop": "",
			"want": "violation required",
		},
	}
	container := object.union(fixture.without(case.drop), {"image": case.image})
	results := host_network.results with input as fixture.agent(case.pod, container)
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}

test_strict_accepts_no_equivalent[name] if {
	some name, case in {
		"equivalent": {"image": "deepflow-agent:v7.1", "want": "violation required"},
		"version unknown": {"image": "deepflow-agent", "want": "violation required"},
	}
	document := object.union(fixture.agent({"hostNetwork": false}, {"image": case.image}), {"profile": "strict"})
	results := host_network.results with input as document
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}

test_version_from_parameters if {
	document := object.union(
		fixture.agent({"hostNetwork": false}, {"image": "deepflow-agent:latest"}),
		{"parameters": {"agentVersion": "v6.2"}},
	)
	results := host_network.results with input as document
	fixture.verdicts(results, "DF-NET-001") == {"violation required"}
}

test_of_compose[name] if {
	some name, case in {
		"host": {"change": {}, "observed": "network_mode is host", "want": "pass required"},
		"bridge": {
			"change": {"network_mode": "bridge"},
			"observed": "network_mode is not host; the agent uses pid: host, SYS_ADMIN and SYS_PTRACE instead. Nothing is lost",
			"want": "violation recommended",
		},
		"bridge, without capabilities": {
			"change": {"network_mode": "bridge", "cap_add": ["SYS_PTRACE"]},
			"observed": "network_mode is not host; cap_add has no SYS_ADMIN",
			"want": "violation required",
		},
		"neither": {
			"change": {"network_mode": null, "pid": null},
			"observed": "without pid: host and network_mode: host, the agent captures its own container's traffic only",
			"want": "violation required",
		},
	}
	results := host_network.results with input as fixture.composed(case.change, [])
	fixture.verdicts(results, "DF-NET-001") == {case.want}
	fixture.observed(results, "DF-NET-001") == {case.observed}
}

test_of_systemd[name] if {
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
	results := host_network.results with input as object.union(fixture.started(case.change, []), parameters)
	fixture.verdicts(results, "DF-NET-001") == {case.want}
}
