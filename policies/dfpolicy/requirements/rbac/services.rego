# METADATA
# title: The agent can get, list and watch services
# description: >-
#   Services map cluster IPs and ports to service tags. Without this access a flow to a cluster IP
#   has no name.
# custom:
#   id: DF-RBAC-004
#   covers: [rbac-services]
#   words: {resource: services, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.services

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "services")) if some workload in rbac.asked
