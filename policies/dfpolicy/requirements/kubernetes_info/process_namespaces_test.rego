package dfpolicy.requirements.kubernetes_info.process_namespaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info.process_namespaces

test_sys_ptrace[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("SYS_PTRACE"), "want": "violation required"},
		"wrong type": {"container": {"securityContext": "privileged"}, "want": "violation required"},
	}
	results := process_namespaces.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-K8S-003") == {case.want}
}

test_what_is_lost_depends_on_the_version[version] if {
	some version, want in {
		"v6.2": ["AutoTagging", "AutoTracing"],
		"v6.3": ["Agent start", "AutoTagging", "AutoTracing"],
		"latest": ["Agent start", "AutoTagging", "AutoTracing"],
	}
	container := object.union(fixture.without("SYS_PTRACE"), {"image": concat(":", ["r/deepflow-agent", version])})
	results := process_namespaces.results with input as fixture.agent({}, container)
	[result.impact | some result in results] == [want]
}
