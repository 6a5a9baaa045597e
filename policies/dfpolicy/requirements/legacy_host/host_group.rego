# METADATA
# title: The agent's group collects resources from the hosts
# description: >-
#   Without a cloud platform, the server learns about a host only from its agent. The agent reports
#   the host only when its group enables this. `platform_enabled` of older pages is another setting.
# custom:
#   id: DF-LH-002
#   met: the agent's group sets `workload_resource_sync_enabled`
#   level: required
#   asks: deepflow-ctl agent-group-config list -o yaml
#   impact: [AutoTagging, Server connection]
#   remediation: >-
#     Set `vtap-group-id-request` in `/etc/deepflow-agent.yaml` to the group's ID, and
#     `inputs.resources.workload_resource_sync_enabled: true` in the group's configuration.
#   modes: [legacy-host]
package dfpolicy.requirements.legacy_host.host_group

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.file_changes as file
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload, _expected)) if some workload in agent.managed_hosts

_verdict(workload, expected) := file.asked(workload, file.agent_group, result.violation("vtap-group-id-request is a placeholder", expected)) if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := file.asked(workload, file.agent_group, result.violation("vtap-group-id-request is not set, so the agent joins the default group", expected)) if {
	not agent_group.requested(workload)
} else := agent_group.unknown("inputs.resources.workload_resource_sync_enabled") if {
	not agent_group.configuration(workload)
} else := result.pass(message.of("the group {group} collects resources from hosts", {"group": agent_group.requested(workload)})) if {
	agent_group.setting(workload, "workload_resource_sync_enabled") == true
} else := group_changes.collecting(workload, result.violation(_off(agent_group.setting(workload, "workload_resource_sync_enabled")), expected))

_off(null) := message.text("workload_resource_sync_enabled is not set, and off by default")

_off(setting) := message.of("workload_resource_sync_enabled is {value}", {"value": value.shown(setting)}) if setting != null

_expected := message.text("an agent group other than the default, with inputs.resources.workload_resource_sync_enabled: true")
