package dfpolicy.requirements.ebpf.kernel_options_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.kernel_options

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
	results := kernel_options.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-015") == case.want
}
