# METADATA
# scope: subpackages
# title: Resources
# description: The CPU and memory that the agent can use on its node.
# related_resources:
#   - description: DeepFlow source code, guard of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/utils/guard.rs
# custom:
#   group: resources
#   order: 9
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.resources
