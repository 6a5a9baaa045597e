# METADATA
# title: The agent can configure network capture
# description: >-
#   DeepFlow's documentation requires NET_ADMIN. In tests on Linux 5.10 to 7.2, only promiscuous
#   mode by interface flag and forced receive buffers need it; the packet ring works without it.
# custom:
#   id: DF-NET-003
#   met: the agent's container has the capability NET_ADMIN
#   level: required
#   covers: [capture-net-admin]
#   impact: [AutoMetrics]
#   remediation: Add `NET_ADMIN` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.af_packet.network_configuration

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "capture", capability.verdict(workload, "NET_ADMIN"))
