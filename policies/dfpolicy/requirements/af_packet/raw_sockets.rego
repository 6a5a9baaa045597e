# METADATA
# title: The agent can open raw sockets
# description: >-
#   Without NET_RAW, the kernel refuses AF_PACKET sockets. Only some container runtimes grant it
#   by default, so the manifest must name it.
# custom:
#   id: DF-NET-002
#   met: the agent's container has the capability NET_RAW
#   level: required
#   covers: [capture-net-raw]
#   impact: [AutoMetrics]
#   remediation: Add `NET_RAW` to `securityContext.capabilities.add` of the agent's container.
package dfpolicy.requirements.af_packet.raw_sockets

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "raw_sockets", capability.verdict(workload, "NET_RAW"))
