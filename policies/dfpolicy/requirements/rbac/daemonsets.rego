# METADATA
# title: The agent can get, list and watch daemonsets
# description: >-
#   Pods of a DaemonSet are grouped under it. Without this access they have no workload tag.
# custom:
#   id: DF-RBAC-007
#   covers: [rbac-daemonsets]
#   words: {resource: daemonsets, group: 'the API group `apps`'}
package dfpolicy.requirements.rbac.daemonsets

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "daemonsets")) if some workload in rbac.asked
