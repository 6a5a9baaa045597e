# METADATA
# title: The agent can get, list and watch replicationcontrollers
# description: >-
#   Pods of a ReplicationController are grouped under it. Without this access they have no
#   workload tag.
# custom:
#   id: DF-RBAC-006
#   covers: [rbac-replicationcontrollers]
#   words: {resource: replicationcontrollers, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.replicationcontrollers

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "replicationcontrollers")) if some workload in rbac.asked
