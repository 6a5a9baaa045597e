package dfpolicy.requirements.ebpf.root_user_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.root_user

test_verdict[name] if {
	some name, case in {
		"image's user": {"pod": {}, "container": {}, "want": "pass required"},
		"user 0": {"pod": {}, "container": {"securityContext": {"runAsUser": 0}}, "want": "pass required"},
		"user 1000": {"pod": {}, "container": {"securityContext": {"runAsUser": 1000}}, "want": "violation required"},
		"pod's user": {"pod": {"securityContext": {"runAsUser": 1000}}, "container": {}, "want": "violation required"},
		"container beats pod": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"container": {"securityContext": {"runAsUser": 0}},
			"want": "pass required",
		},
		"never root": {
			"pod": {},
			"container": {"securityContext": {"runAsNonRoot": true}},
			"want": "violation required",
		},
		"pod never root": {"pod": {"securityContext": {"runAsNonRoot": true}}, "container": {}, "want": "violation required"},
		"privileged 1000": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "runAsUser": 1000}},
			"want": "violation required",
		},
		"text": {"pod": {}, "container": {"securityContext": {"runAsUser": "0"}}, "want": "violation required"},
	}
	results := root_user.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-EBPF-006") == {case.want}
}

_ambient(names) := {"User": ["deepflow"], "AmbientCapabilities": [concat(" ", [$"CAP_{name}" | some name in names])]}

test_ambient_capabilities[name] if {
	some name, case in {
		"with DAC_READ_SEARCH": {"unit": _ambient(["SYS_ADMIN", "DAC_READ_SEARCH"]), "profile": "default", "want": ["pass", ["AutoTracing", "AutoProfiling"]]},
		"with DAC_OVERRIDE": {"unit": _ambient(["BPF", "PERFMON", "DAC_OVERRIDE"]), "profile": "default", "want": ["pass", ["AutoTracing", "AutoProfiling"]]},
		"without": {"unit": _ambient(["SYS_ADMIN"]), "profile": "default", "want": ["violation", ["AutoTracing"]]},
		"outside the bounding set": {
			"unit": object.union(_ambient(["SYS_ADMIN", "DAC_READ_SEARCH"]), {"CapabilityBoundingSet": ["CAP_SYS_ADMIN"]}),
			"profile": "default",
			"want": ["violation", ["AutoTracing"]],
		},
		"in a user namespace": {
			"unit": object.union(_ambient(["SYS_ADMIN", "DAC_READ_SEARCH"]), {"PrivateUsers": ["yes"]}),
			"profile": "default",
			"want": ["violation", ["AutoTracing", "AutoProfiling"]],
		},
		"none": {"unit": {"User": ["deepflow"]}, "profile": "default", "want": ["violation", ["AutoTracing", "AutoProfiling"]]},
		"the page, literally": {"unit": _ambient(["SYS_ADMIN", "DAC_READ_SEARCH"]), "profile": "strict", "want": ["violation", ["AutoTracing", "AutoProfiling"]]},
	}
	document := object.union(fixture.started(case.unit, []), {"profile": case.profile})
	results := root_user.results with input as document
	{[result.outcome, result.impact] | some result in results; result.id == "DF-EBPF-006"} == {case.want}
}
