# METADATA
# title: The agent can get, list and watch statefulsets
# description: >-
#   Pods of a StatefulSet are grouped under it. Without this access they have no workload tag.
# custom:
#   id: DF-RBAC-010
#   covers: [rbac-statefulsets]
#   words: {resource: statefulsets, group: 'the API group `apps`'}
package dfpolicy.requirements.rbac.statefulsets

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "statefulsets")) if some workload in rbac.asked
