# METADATA
# title: The agent can get, list and watch configmaps
# description: >-
#   DeepFlow shows changes of ConfigMaps as resource events of the workloads that use them. Without
#   this access the events are missing.
# custom:
#   id: DF-RBAC-003
#   covers: [rbac-configmaps]
#   words: {resource: configmaps, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.configmaps

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "configmaps")) if some workload in rbac.asked
