package dfpolicy.requirements.ebpf.loadable_programs_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.loadable_programs

test_kernel_options[name] if {
	set_options := {
		"CONFIG_BPF": "y", "CONFIG_BPF_EVENTS": "y", "CONFIG_BPF_JIT": "y", "CONFIG_BPF_SYSCALL": "y",
		"CONFIG_FTRACE_SYSCALLS": "y", "CONFIG_KPROBES": "y", "CONFIG_KPROBE_EVENTS": "y",
		"CONFIG_UPROBES": "y", "CONFIG_UPROBE_EVENTS": "m",
	}
	some name, case in {
		"all": {"facts": {"kernelConfig": set_options}, "want": {"pass required"}},
		"former names, as el7 has them": {
			"facts": {"kernelConfig": object.union(
				object.remove(set_options, ["CONFIG_KPROBE_EVENTS", "CONFIG_UPROBE_EVENTS"]),
				{"CONFIG_KPROBE_EVENT": "y", "CONFIG_UPROBE_EVENT": "y"},
			)},
			"want": {"pass required"},
		},
		"former name, not set": {
			"facts": {"kernelConfig": object.union(
				object.remove(set_options, ["CONFIG_KPROBE_EVENTS"]),
				{"CONFIG_KPROBE_EVENT": "n"},
			)},
			"want": {"violation required"},
		},
		"an unquoted y of YAML": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": true})},
			"want": {"pass required"},
		},
		"an unquoted n of YAML": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": false})},
			"want": {"violation required"},
		},
		"one off": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": "n"})},
			"want": {"violation required"},
		},
		"one absent": {
			"facts": {"kernelConfig": object.remove(set_options, ["CONFIG_BPF"])},
			"want": {"violation required"},
		},
		"not collected": {"facts": {}, "want": set()},
	}
	results := loadable_programs.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-015") == case.want
}

test_agent_versions[name] if {
	some name, case in {
		"before the fix": {"tag": "v7.1.5", "release": "4.14.355-275.570.amzn2.x86_64", "want": {"violation recommended"}},
		"with the fix": {"tag": "v7.1.8", "release": "4.14.355-275.570.amzn2.x86_64", "want": set()},
		"a tag that moves": {"tag": "v7.1", "release": "4.14.355-275.570.amzn2.x86_64", "want": set()},
		"without a fix": {"tag": "v7.1", "release": "6.18.1", "want": {"violation recommended"}},
		"of unknown version": {"tag": "latest", "release": "6.18.1", "want": {"unknown recommended"}},
		"of unknown version, with a fix": {"tag": "latest", "release": "6.8.0-31-generic", "want": set()},
		"of unknown version, another kernel": {"tag": "latest", "release": "6.6.0", "want": set()},
	}
	image := {"image": $"registry.example.com/deepflow-agent:{case.tag}"}
	document := object.union(fixture.agent({}, image), {"nodes": [fixture.node("a", {"kernelRelease": case.release})]})
	results := loadable_programs.results with input as document
	fixture.verdicts(results, "DF-EBPF-015") == case.want
}
