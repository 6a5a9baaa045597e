# METADATA
# title: What is not checked
# description: >-
#   What is recognised in the input but not checked: objects that install DeepFlow, and containers
#   that run the agent's image next to the agent.
package dfpolicy.lib.unjudged

import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload
import data.dfpolicy.tables.installers

# METADATA
# title: Entries
# description: >-
#   One entry {subject, command} for each, in input order, the installers first. The command renders
#   what the object installs; it is empty for a container.
entries := array.concat(
	[{"subject": identity.subject(resource), "command": _command(resource)} |
		some resource in recognition.resources
		installers.of_deepflow(resource)
	],
	[{"subject": object.union(identity.subject(found.resource), {"container": name}), "command": ""} |
		some found in recognition.workloads
		judged := recognition.components(found.template, "deepflow-agent")
		some container in workload.containers(found.template)
		image.of_component(value.string_at(container, "image"), "deepflow-agent")
		not container in judged
		name := value.string_at(container, "name")
	],
)

_command(resource) := _helm(resource, _first(resource, [["spec", "releaseName"], ["metadata", "name"]])) if {
	resource.kind in {"HelmChart", "HelmChartProxy", "HelmRelease", "Release"}
} else := $"argocd app manifests {result.word(resource.metadata.name)} | dfpolicy eval -" if {
	resource.kind == "Application"
	startswith(resource.apiVersion, "argoproj.io/")
} else := $"flux build kustomization {result.word(resource.metadata.name)} --path . | dfpolicy eval -" if {
	resource.kind == "Kustomization"
} else := "oc process -f template.yaml | dfpolicy eval -" if {
	resource.kind == "Template"
} else := "kubectl get daemonsets,deployments,configmaps -A -o yaml | dfpolicy eval -"

_helm(resource, release) := concat("", [
	$"helm template {result.word(release)} {result.word(_chart(resource))}{_repository(resource)} -n {result.word(_namespace(resource))}",
	" -f values.yaml | dfpolicy eval -",
])

# A chart's name alone is not enough for Helm.
_chart(resource) := $"deepflow/{_named_chart(resource)}" if {
	not contains(_named_chart(resource), "/")
	_repository(resource) == ""
} else := _named_chart(resource)

_named_chart(resource) := _first(resource, [
	["spec", "chart", "spec", "chart"],
	["spec", "chart", "name"],
	["spec", "chart"],
	["spec", "forProvider", "chart", "name"],
	["spec", "chartName"],
	["spec", "chartRef", "name"],
	["metadata", "name"],
])

_repository(resource) := $" --repo {result.word(address)}" if {
	address := _first(resource, [
		["spec", "repo"],
		["spec", "repoURL"],
		["spec", "chart", "repository"],
		["spec", "forProvider", "chart", "repository"],
	])
	address != ""
} else := ""

_namespace(resource) := namespace if {
	namespace := _first(resource, [
		["spec", "targetNamespace"],
		["spec", "releaseNamespace"],
		["spec", "namespace"],
		["spec", "forProvider", "namespace"],
		["metadata", "namespace"],
	])
	namespace != ""
} else := "deepflow"

_first(resource, paths) := found[0] if {
	found := [text |
		some path in paths
		text := value.string_at(resource, path)

		# An address can contain credentials.
		regex.match(`^[A-Za-z0-9][A-Za-z0-9:/._-]*$`, text)
	]
	count(found) > 0
} else := ""
