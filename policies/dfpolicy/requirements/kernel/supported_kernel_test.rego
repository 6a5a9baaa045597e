package dfpolicy.requirements.kernel.supported_kernel_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel.kernel_test as shared
import data.dfpolicy.requirements.kernel.supported_kernel

test_verdict[name] if {
	some name, case in {
		"listed": {"facts": shared.x86("5.15.0"), "want": "pass required"},
		"unlisted": {"facts": shared.x86("3.10.0-1160.119.1.el7.x86_64"), "want": "violation recommended"},
		"not supported": {"facts": shared.x86("4.9.0"), "want": "violation required"},
		"unknown": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"architecture": 1, "kernelRelease": 5.1}, "want": "unknown required"},
	}
	results := supported_kernel.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_strict_requires_a_listed_kernel if {
	document := object.union(fixture.on_node(shared.x86("3.10.0-1160.119.1.el7.x86_64")), {"profile": "strict"})
	results := supported_kernel.results with input as document
	fixture.verdicts(results, "DF-KERNEL-001") == {"violation required"}
}

test_profiling_without_tracing if {
	facts := {"architecture": "arm64", "kernelRelease": "4.19.90-24.4.v2101.ky10.aarch64"}
	results := supported_kernel.results with input as fixture.on_node(facts)
	{result.impact | some result in results; result.id == "DF-KERNEL-001"} == {["AutoTracing"]}
}

test_versions_on_suse[name] if {
	facts := {"architecture": "amd64", "kernelRelease": "4.12.14-122.159-default", "os": {"id": "sles", "versionId": "12.5"}}
	some name, case in {
		"the branch": {"tag": "v6.5", "want": "pass required"},
		"a build of the branch": {"tag": "v6.5.9", "want": "pass required"},
		"the one build of v6.6": {"tag": "v6.6.9.2504", "want": "pass required"},
		"7.0.6": {"tag": "v7.0.6", "want": "pass required"},
		"7.0.8": {"tag": "v7.0.8", "want": "violation recommended"},
		"7.1": {"tag": "v7.1", "want": "violation recommended"},
		"6.4": {"tag": "v6.4.9", "want": "violation recommended"},
		"latest": {"tag": "latest", "want": "unknown recommended"},
	}
	results := supported_kernel.results with input as shared.with_agent(case.tag, facts)
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_floor_of_el7[name] if {
	some name, case in {
		"before": {"tag": "v6.3.9", "release": "3.10.0-1160.el7.x86_64", "want": "violation required"},
		"the tag that moves": {"tag": "v6.4", "release": "3.10.0-1160.el7.x86_64", "want": "pass required"},
		"a release of it": {"tag": "v6.4.8", "release": "3.10.0-1160.el7.x86_64", "want": "violation required"},
		"the first release": {"tag": "v6.4.9", "release": "3.10.0-1160.el7.x86_64", "want": "pass required"},
		"later": {"tag": "v6.5.1", "release": "3.10.0-1160.el7.x86_64", "want": "pass required"},
		"of unknown version": {"tag": "latest", "release": "3.10.0-1160.el7.x86_64", "want": "unknown recommended"},
		"an errata build": {"tag": "v6.3.9", "release": "3.10.0-1160.119.1.el7.x86_64", "want": "violation required"},
	}
	results := supported_kernel.results with input as shared.with_agent(case.tag, shared.x86(case.release))
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_reported_failures[name] if {
	some name, case in {
		"reported": {"tag": "v7.1", "release": "6.18.1", "want": "violation recommended"},
		"another agent": {"tag": "v7.0.3", "release": "6.18.1", "want": "pass required"},
		"another kernel": {"tag": "v7.1", "release": "6.17.1", "want": "pass required"},
		"any agent": {"tag": "latest", "release": "6.18.1", "want": "unknown recommended"},
		"any agent, another kernel": {"tag": "latest", "release": "6.8.0", "want": "pass required"},
	}
	results := supported_kernel.results with input as shared.with_agent(case.tag, shared.x86(case.release))
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

# DF-EBPF-015 reports either the failure or what the kernel lacks.
test_cause_of_a_reported_failure[name] if {
	some name, case in {
		"the failure": {"facts": {}, "want": "DF-EBPF-015"},
		"besides absent options": {"facts": {"kernelConfig": {"CONFIG_BPF": "y"}}, "want": "DF-KERNEL-001.X6"},
	}
	results := supported_kernel.results with input as shared.with_agent("v7.1", object.union(shared.x86("6.18.1"), case.facts))
	{result.cause | some result in results} == {case.want}
}
