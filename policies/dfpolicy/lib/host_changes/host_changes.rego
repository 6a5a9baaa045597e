# METADATA
# title: Changes of an agent's installation on a host
# description: Verdicts with what DeepFlow's documentation has in its Compose service and its systemd unit.
package dfpolicy.lib.host_changes

import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.change
import data.dfpolicy.lib.result

# METADATA
# title: Compose service
# description: After the change, the service has the capabilities, namespaces and mounts of the documented one.
service(agent, verdict) := result.fixed_by(
	change.manifests("compose-service", array.flatten([
		[operation | some name in _capabilities; some operation in agent_changes.capability_operations(agent, name)],
		change.set(agent.subject, change.service(agent, ["network_mode"]), "host"),
		change.set(agent.subject, change.service(agent, ["pid"]), "host"),
		change.add(agent.subject, change.service(agent, ["volumes"]), "/sys/kernel/debug:/sys/kernel/debug:ro"),
	])),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

_capabilities := ["SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]

# METADATA
# title: systemd unit
# description: After the change, the unit restarts the agent, starts it at boot, and delegates its cgroup.
unit(agent, verdict) := result.fixed_by(
	change.manifests("systemd-unit", [
		change.set(agent.subject, ["spec", "Service", "Restart"], ["always"]),
		change.set(agent.subject, ["spec", "Service", "LimitNOFILE"], ["65536"]),
		change.set(agent.subject, ["spec", "Service", "Delegate"], ["true"]),
		change.add(agent.subject, ["spec", "Unit", "After"], "network-online.target"),
		change.add(agent.subject, ["spec", "Install", "WantedBy"], "multi-user.target"),
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict
