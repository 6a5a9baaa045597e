# METADATA
# title: The agent can open raw sockets
# description: >-
#   The kernel refuses an AF_PACKET socket without NET_RAW. Some runtimes grant it by default and
#   some do not, so the manifest has to name it.
# custom:
#   id: DF-NET-002
#   level: required
#   covers: [capture-net-raw]
#   impact: [AutoMetrics]
#   remediation: Add `NET_RAW` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.af_packet.raw_sockets

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "NET_RAW")) if some workload in agent.collectors
