# METADATA
# scope: subpackages
# title: Upgrade
# description: What an upgrade changes in the running release, in which order, and what it must keep.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
#   - description: DeepFlow chart, values of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/values.yaml
# custom:
#   group: upgrade
#   order: 30
#   modes: [upgrade]
#   reads: [manifests, cluster]
#   since: "0.1.0"
package dfpolicy.requirements.upgrade
