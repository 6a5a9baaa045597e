# METADATA
# scope: subpackages
# title: AF_PACKET
# description: What the agent needs to capture packets and to reach the server.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: af-packet
#   order: 2
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.af_packet
