# METADATA
# title: The agent can get, list and watch replicasets
# description: >-
#   A ReplicaSet links a pod to its Deployment. Without this access the pods of all Deployments
#   have no workload tag.
# custom:
#   id: DF-RBAC-009
#   covers: [rbac-replicasets]
#   words: {resource: replicasets, group: 'the API group `apps`'}
package dfpolicy.requirements.rbac.replicasets

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "replicasets")) if some workload in rbac.asked
