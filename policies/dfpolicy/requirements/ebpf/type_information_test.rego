package dfpolicy.requirements.ebpf.type_information_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.type_information

test_verdict[name] if {
	some name, case in {
		"btf": {"facts": {"btf": true}, "want": "pass recommended"},
		"5.2": {"facts": {"kernelRelease": "5.2.0"}, "want": "pass recommended"},
		"4.19 without": {"facts": {"kernelRelease": "4.19.0", "btf": false}, "want": "violation recommended"},
		"4.19 unknown": {"facts": {"kernelRelease": "4.19.0"}, "want": "unknown recommended"},
		"el7": {"facts": {"kernelRelease": "3.10.0-1160.el7.x86_64", "btf": false}, "want": "pass recommended"},
		"nothing": {"facts": {}, "want": "unknown recommended"},
		"no release": {"facts": {"kernelRelease": 5.2}, "want": "unknown recommended"},
		"reported": {"facts": {"kernelRelease": _reported}, "want": "violation required"},
		"reported, with BTF": {"facts": {"kernelRelease": _reported, "btf": true}, "want": "pass recommended"},
		"reported, then adapted": {"facts": {"kernelRelease": _adapted, "btf": false}, "want": "pass recommended"},
	}
	results := type_information.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-011") == {case.want}
}

_reported := "4.19.91-013.ali4000.alios7.x86_64"

_adapted := "4.14.105-1-tlinux3-0023.1"

_verdicts(tag, release) := fixture.verdicts(results, "DF-EBPF-011") if {
	image := {"image": $"registry.example.com/deepflow-agent:{tag}"}
	document := object.union(fixture.agent({}, image), {"nodes": [fixture.node("a", {"kernelRelease": release})]})
	results := type_information.results with input as document
}

test_agent_versions[name] if {
	some name, case in {
		"reported, before it was adapted": {"tag": "v6.5.5", "release": _adapted, "want": "violation required"},
		"reported, of unknown version": {"tag": "latest", "release": _adapted, "want": "unknown recommended"},
		"adapted, but not this agent": {"tag": "v6.4.1", "release": "4.19.91-23.al7.x86_64", "want": "violation recommended"},
		"adapted": {"tag": "v6.4.2", "release": "4.19.91-23.al7.x86_64", "want": "pass recommended"},
		"adapted long ago, of unknown version": {"tag": "latest", "release": "4.19.90-52.24.v2207.ky10.aarch64", "want": "pass recommended"},
	}
	_verdicts(case.tag, case.release) == {case.want}
}
