package dfpolicy.requirements.legacy_host.cgroup_limits_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.cgroup_limits

_results(document) := results if {
	results := cgroup_limits.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

test_the_host[name] if {
	some name, case in {
		"both": {"cgroup": {"version": 2, "controllers": ["cpuset", "cpu", "io", "memory"]}, "want": "pass recommended"},
		"version 1": {"cgroup": {"version": 1, "controllers": ["cpu,cpuacct", "memory"]}, "want": "pass recommended"},
		"no memory": {"cgroup": {"controllers": ["cpu"]}, "want": "violation recommended"},
		"none": {"cgroup": {"controllers": []}, "want": "violation recommended"},
		"a part of a name": {"cgroup": {"controllers": ["cpuset", "memory"]}, "want": "violation recommended"},
		"not collected": {"cgroup": {"version": 2}, "want": "unknown recommended"},
		"null": {"cgroup": null, "want": "unknown recommended"},
		"wrong type": {"cgroup": {"controllers": "cpu memory"}, "want": "unknown recommended"},
	}
	document := object.union(fixture.started({}, []), {"nodes": [fixture.node("host", {"cgroup": case.cgroup})]})
	_verdicts(document, "DF-LH-011") == {case.want}
}
