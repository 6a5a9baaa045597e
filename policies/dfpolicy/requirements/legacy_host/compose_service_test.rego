package dfpolicy.requirements.legacy_host.compose_service_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.compose_service

_results(document) := results if {
	results := compose_service.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

_with_docker(service_change, version) := object.union(
	fixture.composed(service_change, []),
	{"nodes": [fixture.node("host", {"dockerVersion": version})]},
)

test_verdict[name] if {
	some name, case in {
		"complete": {"change": {}, "docker": "24.0.7", "want": "pass required"},
		"the first good Docker": {"change": {}, "docker": "20.10.10", "want": "pass required"},
		"an old Docker": {"change": {}, "docker": "20.10.9", "want": "violation required"},
		"an old Docker, privileged": {"change": {"privileged": true}, "docker": "19.03.1", "want": "pass required"},
		"an old Docker, unconfined": {"change": {"security_opt": ["seccomp:unconfined"]}, "docker": "19.03.1", "want": "pass required"},
		"Docker unknown": {"change": {}, "docker": null, "want": "unknown required"},
		"not a version": {"change": {}, "docker": "podman", "want": "unknown required"},
		"a number": {"change": {}, "docker": 24, "want": "unknown required"},
		"a capability is missing": {"change": {"cap_add": ["SYS_ADMIN"]}, "docker": "24.0.7", "want": "violation required"},
		"the agent enters the host network": {"change": {"network_mode": "bridge"}, "docker": "24.0.7", "want": "pass required"},
		"the agent cannot enter the host network": {"change": {"network_mode": null, "pid": null}, "docker": "24.0.7", "want": "violation required"},
		"its own PID namespace": {"change": {"pid": null}, "docker": "24.0.7", "want": "violation required"},
		"no debugfs": {"change": {"volumes": []}, "docker": "24.0.7", "want": "violation required"},
		"wrong types": {"change": {"cap_add": "ALL", "volumes": "a", "pid": 1}, "docker": "24.0.7", "want": "violation required"},
	}
	_verdicts(_with_docker(case.change, case.docker), "DF-LH-007") == {case.want}
}

test_strict_profile if {
	document := object.union(_with_docker({"network_mode": "bridge"}, "24.0.7"), {"profile": "strict"})
	_observed(document, "DF-LH-007") == {"network_mode is not host"}
}

test_observed_has_the_docker_version if {
	_observed(_with_docker({}, "19.03.1"), "DF-LH-007") == {"Docker on host is 19.03.1, and the container is not privileged"}
}
