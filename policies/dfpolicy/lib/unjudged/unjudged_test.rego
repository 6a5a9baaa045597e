package dfpolicy.lib.unjudged_test

import data.dfpolicy.lib.unjudged

_installer(version, kind, spec) := {
	"apiVersion": version,
	"kind": kind,
	"metadata": {"name": "deepflow-agent", "namespace": "a"},
	"spec": spec,
}

test_command[name] if {
	some name, case in {
		"Flux": {
			"resource": _installer("helm.toolkit.fluxcd.io/v2", "HelmRelease", {
				"releaseName": "df", "targetNamespace": "b",
				"chart": {"spec": {"chart": "deepflow-agent"}},
			}),
			"want": "helm template df deepflow/deepflow-agent -n b -f values.yaml | dfpolicy eval -",
		},
		"K3s": {
			"resource": _installer("helm.cattle.io/v1", "HelmChart", {"repo": "https://r.io/x", "chart": "deepflow"}),
			"want": "helm template deepflow-agent deepflow --repo https://r.io/x -n a -f values.yaml | dfpolicy eval -",
		},
		"a repository with a password": {
			"resource": _installer("helm.cattle.io/v1", "HelmChart", {"repo": "https://u:p@r.io/x", "chart": "deepflow"}),
			"want": "helm template deepflow-agent deepflow/deepflow -n a -f values.yaml | dfpolicy eval -",
		},
		"no namespace": {
			"resource": object.union(
				_installer("helm.crossplane.io/v1beta1", "Release", {"forProvider": {"chart": {"name": "deepflow"}}}),
				{"metadata": {"namespace": 5}},
			),
			"want": "helm template deepflow-agent deepflow/deepflow -n deepflow -f values.yaml | dfpolicy eval -",
		},
		"Argo CD": {
			"resource": _installer("argoproj.io/v1alpha1", "Application", {"source": {"chart": "deepflow-agent"}}),
			"want": "argocd app manifests deepflow-agent | dfpolicy eval -",
		},
		"kustomization of Flux": {
			"resource": _installer("kustomize.toolkit.fluxcd.io/v1", "Kustomization", {}),
			"want": "flux build kustomization deepflow-agent --path . | dfpolicy eval -",
		},
		"template of OpenShift": {
			"resource": _installer("template.openshift.io/v1", "Template", {}),
			"want": "oc process -f template.yaml | dfpolicy eval -",
		},
		"any other": {
			"resource": _installer("fleet.cattle.io/v1alpha1", "Bundle", {}),
			"want": "kubectl get daemonsets,deployments,configmaps -A -o yaml | dfpolicy eval -",
		},
	}
	entries := unjudged.entries with input as {"resources": [case.resource]}
	[entry.command | some entry in entries] == [case.want]
}

test_not_an_installer[name] if {
	some name, resource in {
		"another group": _installer("example.com/v1", "Application", {}),
		"another kind": _installer("argoproj.io/v1alpha1", "AppProject", {}),
		"another application": {
			"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
			"metadata": {"name": "a"}, "spec": {"source": {"chart": "b"}}, "status": {"summary": "deepflow"},
		},
		"garbage": {"kind": 5},
	}
	unjudged.entries == [] with input as {"resources": [resource]}
}

test_helper_with_the_image_of_the_agent if {
	image := "r/deepflow-agent:v7.1"
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "b"}, "spec": {"containers": [
		{"name": "helper", "image": image},
		{"name": "deepflow-agent", "image": image},
		{"name": "other", "image": "x"},
	]}}
	unjudged.entries == [{
		"subject": {"apiVersion": "v1", "kind": "Pod", "namespace": "b", "name": "a", "container": "helper"},
		"command": "",
	}] with input as {"resources": [pod]}
}
