# METADATA
# title: The agent can get, list and watch nodes
# description: >-
#   DeepFlow tags a flow with the nodes it crosses, and a node with its addresses. Nodes are
#   cluster-scoped: a Role or RoleBinding cannot grant access to them.
# custom:
#   id: DF-RBAC-001
#   covers: [rbac-nodes]
#   words: {resource: nodes, group: 'the core API group (`""`)'}
package dfpolicy.requirements.rbac.nodes

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "nodes")) if some workload in rbac.asked
