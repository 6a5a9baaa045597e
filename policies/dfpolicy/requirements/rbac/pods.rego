# METADATA
# title: The agent can get, list and watch pods
# description: >-
#   Pods map addresses to pod tags, and provide labels and owners for all other tags. Without this
#   access a flow has an address but no name.
# custom:
#   id: DF-RBAC-005
#   covers: [rbac-pods]
#   words: {resource: pods, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.pods

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "pods")) if some workload in rbac.asked
