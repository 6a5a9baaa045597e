package dfpolicy.requirements.kernel.kernel_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.kernel[_].results})

x86(release) := {"architecture": "amd64", "kernelRelease": release, "osImage": "any"}

image(tag) := {"image": $"registry.example.com/deepflow-agent:{tag}"}

with_agent(tag, facts) := object.union(fixture.agent({}, image(tag)), {"nodes": [fixture.node("a", facts)]})

test_no_result_without_subject if {
	results := answers with input as object.union(fixture.on_node({}), {"mode": "none"})
	results == set()
}
