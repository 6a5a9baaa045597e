# METADATA
# title: Installers
# description: >-
#   The kinds of objects that install other objects, by API group. dfpolicy checks what they
#   install, not the objects themselves.
package dfpolicy.tables.installers

import data.dfpolicy.lib.value

_groups := {
	"App": ["kappctrl.k14s.io"],
	"Application": ["app.k8s.io", "argoproj.io", "core.oam.dev"],
	"ApplicationSet": ["argoproj.io"],
	"Bundle": ["fleet.cattle.io"],
	"GitRepo": ["fleet.cattle.io"],
	"HelmChart": ["helm.cattle.io"],
	"HelmChartProxy": ["addons.cluster.x-k8s.io"],
	"HelmRelease": ["helm.fluxcd.io", "helm.toolkit.fluxcd.io"],
	"Kustomization": ["kustomize.toolkit.fluxcd.io"],
	"ManifestWork": ["work.open-cluster-management.io"],
	"PodTemplate": ["v1"],
	"Release": ["helm.crossplane.io"],
	"SidecarSet": ["apps.kruise.io"],
	"Template": ["template.openshift.io", "v1"],
}

# METADATA
# scope: document
# title: Installer of DeepFlow
# description: True for an object of these kinds that names DeepFlow.
of_deepflow(resource) if {
	split(value.string_at(resource, "apiVersion"), "/")[0] in _groups[value.string_at(resource, "kind")]
	contains(lower(json.marshal(object.remove(resource, ["status"]))), "deepflow")
}
