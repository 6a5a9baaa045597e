# METADATA
# scope: subpackages
# title: Agent configuration file
# description: The agent's own configuration file, deepflow-agent.yaml.
# related_resources:
#   - description: DeepFlow source code, configuration of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/config/config.rs
# custom:
#   group: agent-config
#   order: 8
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.agent_config
