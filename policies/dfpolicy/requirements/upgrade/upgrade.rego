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
#   zh:
#     title: 升级
#     description: >-
#       升级会对运行中的 Release 作哪些改动，应按什么顺序进行，以及不能丢失哪些内容。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
package dfpolicy.requirements.upgrade
