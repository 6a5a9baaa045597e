package dfpolicy.requirements.ebpf.selinux_test

import data.dfpolicy.lib.change
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.selinux

test_verdict[name] if {
	some name, case in {
		"disabled": {"facts": {"selinux": {"mode": "Disabled"}}, "want": "pass required"},
		"not enabled": {"facts": {"selinux": {"enabled": false}}, "want": "pass required"},
		"not enabled, yet enforcing": {
			"facts": {"selinux": {"enabled": false, "mode": "enforcing"}},
			"want": "violation required",
		},
		"not enabled, mode disabled": {
			"facts": {"selinux": {"enabled": false, "mode": "disabled"}},
			"want": "pass required",
		},
		"permissive": {"facts": {"selinux": {"mode": "permissive"}}, "want": "pass required"},
		"enforcing": {"facts": {"selinux": {"enabled": true, "mode": "enforcing"}}, "want": "violation required"},
		"enabled, mode not collected": {"facts": {"selinux": {"enabled": true}}, "want": "unknown required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"selinux": "Enforcing"}, "want": "unknown required"},
	}
	results := selinux.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-001") == {case.want}
}

test_strict if {
	document := object.union(fixture.on_node({"selinux": {"mode": "permissive"}}), {"profile": "strict"})
	results := selinux.results with input as document
	fixture.verdicts(results, "DF-EBPF-001") == {"violation required"}
}

# After the change, the same profile finds nothing.
test_change[name] if {
	some name, case in {
		"plain": {"facts": {}, "profile": "default", "want": ["setenforce 0"]},
		"strict": {"facts": {}, "profile": "strict", "want": [change.kernel_argument("selinux", "selinux=0").alternatives[0].commands[0].run]},
		"where it cannot change": {"facts": {"osImage": "Bottlerocket OS 1.19.5"}, "profile": "default", "want": []},
	}
	document := object.union(fixture.on_node(object.union(case.facts, {"selinux": {"mode": "enforcing"}})), {"profile": case.profile})
	[result] := [result | some result in selinux.results with input as document]
	[command.run | some way in result.change.alternatives; some command in way.commands] == case.want
}
