# METADATA
# title: The agent's group takes resources from the hosts
# description: >-
#   Without a cloud platform the server learns of a host from its agent alone, which reports it
#   when the agent's group says so. `platform_enabled` of older pages is another setting.
# custom:
#   id: DF-LH-002
#   level: required
#   impact: [AutoTagging, Server connection]
#   remediation: >-
#     Set `vtap-group-id-request` in `/etc/deepflow-agent.yaml` to the group's id, and
#     `inputs.resources.workload_resource_sync_enabled: true` in the group's configuration.
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.host_group

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := _unsynced("vtap-group-id-request holds a placeholder") if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := _unsynced("vtap-group-id-request is not set, so the agent falls into the default group") if {
	not agent_group.requested(workload)
} else := agent_group.unknown("inputs.resources.workload_resource_sync_enabled") if {
	not agent_group.configuration(workload)
} else := result.pass($"the group {agent_group.requested(workload)} takes resources from hosts") if {
	agent_group.setting(workload, "workload_resource_sync_enabled") == true
} else := _unsynced($"workload_resource_sync_enabled is {value.shown(agent_group.setting(workload, "workload_resource_sync_enabled"))}") if {
	agent_group.setting(workload, "workload_resource_sync_enabled") != null
} else := _unsynced("workload_resource_sync_enabled is not set, and off by default")

_unsynced(observed) := result.violation(
	observed,
	"a group of its own with inputs.resources.workload_resource_sync_enabled: true",
)
