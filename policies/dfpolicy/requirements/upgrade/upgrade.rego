# METADATA
# scope: subpackages
# title: Upgrade
# description: What an upgrade makes of the release that runs, in which order, and what it must not lose.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   group: upgrade
#   order: 30
#   modes: [upgrade]
#   reads: [manifests, cluster]
#   source: DOC-99
#   since: "0.1.0"
package dfpolicy.requirements.upgrade
