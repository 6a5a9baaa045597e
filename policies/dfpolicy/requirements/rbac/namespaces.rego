# METADATA
# title: The agent can get, list and watch namespaces
# description: >-
#   Every pod and service tag contains its namespace. Namespaces are cluster-scoped: a Role or
#   RoleBinding cannot grant access to them.
# custom:
#   id: DF-RBAC-002
#   covers: [rbac-namespaces]
#   words: {resource: namespaces, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.namespaces

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "namespaces")) if some workload in rbac.asked
