package dfpolicy.requirements.kernel.fentry_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel.fentry
import data.dfpolicy.requirements.kernel.kernel_test as shared

test_verdict[name] if {
	some name, case in {
		"possible": {"facts": object.union(shared.x86("5.15.0"), {"btf": true}), "want": "pass informational"},
		"no BTF": {"facts": object.union(shared.x86("5.15.0"), {"btf": false}), "want": "violation informational"},
		"lockdown": {"facts": object.union(shared.x86("5.15.0"), {"btf": true, "lockdown": "confidentiality"}), "want": "violation informational"},
		"early kernel, group unknown": {"facts": object.union(shared.x86("5.10.23"), {"btf": true}), "want": "unknown informational"},
		"BTF unknown": {"facts": shared.x86("5.15.0"), "want": "unknown informational"},
	}
	results := fentry.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-004") == {case.want}
}

test_fentry_enabled[name] if {
	some name, case in {
		"early kernel": {"release": "5.10.23", "enabled": true, "want": "violation recommended"},
		"late enough": {"release": "5.10.28", "enabled": true, "want": "pass informational"},
		"off": {"release": "5.10.23", "enabled": false, "want": "pass informational"},
	}
	group := {
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "AgentGroupConfig",
		"metadata": {"name": "group"},
		"spec": {"inputs": {"ebpf": {"socket": {"tunning": {"fentry_enabled": case.enabled}}}}},
	}
	agent := fixture.agent({}, {})
	results := fentry.results with input as object.union(agent, {
		"resources": array.concat(agent.resources, [group]),
		"nodes": [fixture.node("a", object.union(shared.x86(case.release), {"btf": true}))],
	})
	fixture.verdicts(results, "DF-KERNEL-004") == {case.want}
}
