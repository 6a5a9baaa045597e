package dfpolicy.requirements.legacy_host.docker_version_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.docker_version

test_verdict[name] if {
	some name, case in {
		"the first good Docker": {"change": {}, "docker": "20.10.10", "want": "pass required"},
		"an old Docker": {"change": {}, "docker": "20.10.9", "want": "violation required"},
		"an old Docker, privileged": {"change": {"privileged": true}, "docker": "19.03.1", "want": "pass required"},
		"an old Docker, unconfined": {"change": {"security_opt": ["seccomp:unconfined"]}, "docker": "19.03.1", "want": "pass required"},
		"Docker unknown": {"change": {}, "docker": null, "want": "unknown required"},
		"not a version": {"change": {}, "docker": "podman", "want": "unknown required"},
		"a number": {"change": {}, "docker": 24, "want": "unknown required"},
	}
	document := object.union(
		fixture.composed(case.change, []),
		{"nodes": [fixture.node("host", {"dockerVersion": case.docker})]},
	)
	results := docker_version.results with input as document
	fixture.verdicts(results, "DF-LH-012") == {case.want}
}
