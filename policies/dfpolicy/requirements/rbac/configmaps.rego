# METADATA
# title: The agent can get, list and watch configmaps
# description: >-
#   Changes of ConfigMaps show as resource events beside the workloads that use them; without this
#   access they are missing.
# custom:
#   id: DF-RBAC-003
#   covers: [rbac-configmaps]
#   words: {resource: configmaps, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.configmaps

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "configmaps")) if some workload in rbac.asked
