# METADATA
# title: The agent can write its temporary files and logs
# description: >-
#   With a read-only root file system, the profiler cannot unpack its helpers to `/tmp` and the
#   agent cannot write its log.
# related_resources:
#   - description: DeepFlow source code, start of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/trident.rs
# custom:
#   id: DF-EBPF-013
#   met: the root file system is writable, or volumes at `/tmp` and `/var/log/deepflow-agent` are
#   level: recommended
#   reads: [manifests]
#   impact: [AutoProfiling]
#   remediation: Mount an `emptyDir` at `/tmp` and at `/var/log/deepflow-agent`, or remove `readOnlyRootFilesystem`.
package dfpolicy.requirements.ebpf.writable_directories

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := agent_changes.writable(workload, _unwritable(workload), _writes(workload))

_writes(workload) := result.pass("the root file system is writable") if {
	not value.true_at(workload.container, ["securityContext", "readOnlyRootFilesystem"])
} else := result.pass("writable volumes cover /tmp and /var/log/deepflow-agent") if {
	count(_unwritable(workload)) == 0
} else := result.violation(
	form.words(workload, {
		"kubernetes": message.of("readOnlyRootFilesystem is true and no writable volume covers {paths}", paths),
		"compose": message.of("read_only is true and no writable volume covers {paths}", paths),
		"systemd": message.of("ProtectSystem= is strict and no writable volume covers {paths}", paths),
	}),
	"writable volumes at /tmp and /var/log/deepflow-agent",
) if {
	paths := {"paths": message.whole(_unwritable(workload))}
}

_unwritable(workload) := [path | some path in ["/tmp", "/var/log/deepflow-agent"]; not mount.writable(workload, path)]
