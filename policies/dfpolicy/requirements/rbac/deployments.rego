# METADATA
# title: The agent can get, list and watch deployments
# description: >-
#   Pods of a Deployment are grouped under it. Without this access they have no workload tag.
# custom:
#   id: DF-RBAC-008
#   covers: [rbac-deployments]
#   words: {resource: deployments, group: 'the API group `apps`'}
package dfpolicy.requirements.rbac.deployments

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, access.verdict(workload, "deployments")) if some workload in rbac.asked
