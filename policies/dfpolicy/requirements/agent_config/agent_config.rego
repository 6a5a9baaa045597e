# METADATA
# scope: subpackages
# title: Agent configuration file
# description: The agent's own configuration file, deepflow-agent.yaml.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   group: agent-config
#   order: 8
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   source: SRC
#   since: "0.1.0"
package dfpolicy.requirements.agent_config
