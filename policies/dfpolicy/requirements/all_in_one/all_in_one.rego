# METADATA
# scope: subpackages
# title: All-in-one
# description: Requirements for the machine of an all-in-one trial deployment.
# related_resources:
#   - description: DeepFlow documentation, all-in-one deployment
#     ref: https://deepflow.io/docs/ce-install/all-in-one/
# custom:
#   group: all-in-one
#   order: 10
#   modes: [all-in-one]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.all_in_one
