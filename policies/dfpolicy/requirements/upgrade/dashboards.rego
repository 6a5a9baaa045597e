# METADATA
# title: Grafana uses the latest dashboards
# description: >-
#   The init container `init-grafana-ds-dh` installs data sources and dashboards. If its image is not
#   pulled again, the former release's dashboards stay and query tables that have changed.
# custom:
#   id: DF-UPG-004
#   met: >-
#     the init container has the tag `latest` and `imagePullPolicy: Always`
#   conditional: true
#   level: recommended
#   reads: [manifests]
#   impact: [Dashboards]
#   remediation: >-
#     Give the init container `init-grafana-ds-dh` the tag `latest` and `imagePullPolicy: Always`.
package dfpolicy.requirements.upgrade.dashboards

import data.dfpolicy.lib.change
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload as workload_lib

results contains result.of(rego.metadata.chain(), entry.subject, _verdict(entry)) if some entry in _grafanas

_verdict(entry) := result.pass("the init container has the tag latest and imagePullPolicy: Always") if {
	count(_stale(entry)) == 0
} else := result.fixed_by(
	_pulled(entry),
	result.violation(message.clauses(_stale(entry)), "the tag latest and imagePullPolicy: Always"),
)

_pulled(entry) := change.manifests("dashboard-image", array.concat(
	[change.set(entry.subject, array.concat(entry.path, ["imagePullPolicy"]), "Always")],
	[change.set(entry.subject, array.concat(entry.path, ["image"]), trim_suffix(entry.container.image, $":{image.tag(entry.container.image)}")) |
		not _latest(entry)
	],
))

_stale(entry) := array.concat(
	[message.of("the image is {image}", {"image": value.shown(value.at(entry.container, "image", null))}) | not _latest(entry)],
	[message.of("imagePullPolicy is {policy}", {"policy": value.shown(entry.container.imagePullPolicy)}) |
		not value.at(entry.container, "imagePullPolicy", "Always") == "Always"
	],
)

# No tag means latest, which is always pulled unless imagePullPolicy says otherwise.
_latest(entry) if image.tag(value.string_at(entry.container, "image")) in {"", "latest"}

_grafanas := [{"subject": identity.subject(resource), "container": container, "path": path} |
	settings.mode == "upgrade"
	some resource in settings.resources
	container := _dashboard_container(resource)
	path := array.flatten([workload_lib.template_path(resource.kind), "spec", "initContainers", {"name": container.name}])
]

_dashboard_container(resource) := containers[0] if {
	containers := [container |
		some container in value.objects_at(workload_lib.template(resource), ["spec", "initContainers"])
		_brings_dashboards(container)
	]
}

_brings_dashboards(container) if container.name == "init-grafana-ds-dh"

_brings_dashboards(container) if endswith(image.repository_name(value.string_at(container, "image")), "init-grafana")
