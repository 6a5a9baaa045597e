package dfpolicy.requirements.single_k8s.database_storage_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.single_k8s.database_storage

_class(name, annotations) := {
	"apiVersion": "storage.k8s.io/v1",
	"kind": "StorageClass",
	"metadata": {"name": name, "annotations": annotations},
}

_default := {"storageclass.kubernetes.io/is-default-class": "true"}

# A release whose databases claim volumes with these specs.
_claiming(mysql, clickhouse) := {
	"mysql": release.mysql(release.claim("a")),
	"clickhouse": release.clickhouse(release.claim("b")),
	"a": release.claimed("a", mysql),
	"b": release.claimed("b", clickhouse),
}

_stored(parts) := release.changed(["mysql", "clickhouse"], parts)

test_verdict[name] if {
	by_default := _claiming({}, {})
	by_name := _claiming({"storageClassName": "fast"}, {"storageClassName": "fast"})
	some name, case in {
		"default class": {"parts": by_default, "extra": {"c": _class("fast", _default)}, "want": "pass recommended"},
		"default class by the former annotation": {
			"parts": by_default,
			"extra": {"c": _class("fast", {"storageclass.beta.kubernetes.io/is-default-class": "true"})},
			"want": "pass recommended",
		},
		"no default class": {"parts": by_default, "extra": {"c": _class("fast", null)}, "want": "violation recommended"},
		"marked with no text": {
			"parts": by_default,
			"extra": {"c": _class("fast", {"storageclass.kubernetes.io/is-default-class": true})},
			"want": "violation recommended",
		},
		"default class not known": {"parts": by_default, "extra": {}, "want": "unknown recommended"},
		"named class": {"parts": by_name, "extra": {"c": _class("fast", {})}, "want": "pass recommended"},
		"named class that is absent": {"parts": by_name, "extra": {"c": _class("slow", _default)}, "want": "violation recommended"},
		"named class not known": {"parts": by_name, "extra": {}, "want": "unknown recommended"},
		"class of a wrong type": {
			"parts": _claiming({"storageClassName": 5}, {"storageClassName": "fast"}),
			"extra": {"c": _class("fast", {})},
			"want": "violation recommended",
		},
		"null is the default class": {
			"parts": _claiming({"storageClassName": null}, {}),
			"extra": {"c": _class("fast", _default)},
			"want": "pass recommended",
		},
		"no class": {
			"parts": _claiming({"storageClassName": ""}, {}),
			"extra": {"c": _class("fast", _default)},
			"want": "unknown recommended",
		},
		"claim that is not in the input": {
			"parts": object.remove(by_default, ["a"]),
			"extra": {"c": _class("fast", _default)},
			"want": "unknown recommended",
		},
		"no volume": {
			"parts": object.union(by_default, {"mysql": release.part("Deployment", "mysql", {}, {})}),
			"extra": {"c": _class("fast", _default)},
			"want": "violation recommended",
		},
		"emptyDir": {
			"parts": object.union(by_default, {"mysql": release.mysql({"emptyDir": {}})}),
			"extra": {"c": _class("fast", _default)},
			"want": "violation recommended",
		},
		"a directory of any node": {
			"parts": object.union(by_default, {"mysql": release.mysql(release.host("/data"))}),
			"extra": {"c": _class("fast", _default)},
			"want": "violation recommended",
		},
		"a share": {
			"parts": {"mysql": release.mysql({"nfs": {}}), "clickhouse": release.clickhouse({"nfs": {}})},
			"extra": {},
			"want": "pass recommended",
		},
		"no mysql": {
			"parts": {"clickhouse": release.clickhouse({"nfs": {}})},
			"extra": {},
			"want": "unknown recommended",
		},
		"byconity": {
			"parts": {"mysql": release.mysql({"nfs": {}})},
			"extra": {"byconity": {
				"kind": "StatefulSet",
				"metadata": {"name": "b", "namespace": "deepflow", "labels": {"app.kubernetes.io/name": "byconity"}},
			}},
			"want": "pass recommended",
		},
	}
	results := database_storage.results with input as _stored(object.union(case.parts, case.extra))
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_pinned_pod[name] if {
	terms := [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]
	some name, case in {
		"by label": {"pod": {"nodeSelector": {"a": "b"}}, "want": "pass recommended"},
		"by name": {"pod": {"nodeName": "a"}, "want": "pass recommended"},
		"by affinity": {
			"pod": {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}},
			"want": "pass recommended",
		},
		"by nothing": {
			"pod": {"nodeSelector": null, "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": null}}},
			"want": "violation recommended",
		},
	}
	pod := object.union(release.storing("mysql", {"/var/lib/mysql": release.host("/data")}), case.pod)
	parts := {"mysql": release.part("Deployment", "mysql", pod, {}), "clickhouse": release.clickhouse({"nfs": {}})}
	results := database_storage.results with input as _stored(parts)
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_by_cluster_facts[name] if {
	some name, case in {
		"class that exists": {"claim": {"storageClassName": "fast"}, "classes": ["fast"], "want": "pass recommended"},
		"class that does not": {"claim": {"storageClassName": "fast"}, "classes": ["slow"], "want": "violation recommended"},
		"which is the default one": {"claim": {}, "classes": ["fast"], "want": "unknown recommended"},
		"none": {"claim": {}, "classes": [], "want": "violation recommended"},
		"null": {"claim": {}, "classes": null, "want": "unknown recommended"},
		"wrong type": {"claim": {}, "classes": "fast", "want": "unknown recommended"},
	}
	document := object.union(
		_stored(_claiming(case.claim, case.claim)),
		{"cluster": {"spec": {"storageClasses": case.classes}}},
	)
	results := database_storage.results with input as document
	fixture.verdicts(results, "DF-SK-001") == {case.want}
}

test_refused_storage_classes if {
	document := object.union(
		_stored(_claiming({}, {})),
		{"cluster": {"spec": {}, "status": {"unread": [{"fact": "storageclasses", "reason": "forbidden"}]}}},
	)
	results := database_storage.results with input as document
	fixture.observed(results, "DF-SK-001") == {"not known: whether the cluster has a default storage class (forbidden)"}
}
