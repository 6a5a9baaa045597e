# METADATA
# title: Volumes of the server's databases are provided for
# description: >-
#   MySQL and ClickHouse claim volumes of the default storage class, or of the one that
#   `global.storageClass` names. Where there is no such class the claims stay pending, and a
#   directory of a node is lost when the pod moves to another.
# custom:
#   id: DF-SK-001
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Server connection, All features]
#   remediation: >-
#     Mark a StorageClass as default, or set `global.storageClass` to the name of one that exists.
#   modes: [single-k8s]
package dfpolicy.requirements.single_k8s.database_storage

import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.storage_class
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.violation(
	result.abridged(_homeless(workload)),
	"a volume claim of a storage class that exists",
) if {
	count(_homeless(workload)) > 0
} else := result.unknown(
	$"{result.abridged(_undecided(workload))}{settings.refusal("storageclasses")}",
	"kubectl get storageclass,pvc -A -o yaml",
) if {
	count(_undecided(workload)) > 0
} else := result.pass(result.abridged(sort({_provision(place) | some place in server.data_places(workload)}))) if {
	count(server.data_places(workload)) > 0
} else := result.pass("mysql and clickhouse are external")

_homeless(workload) := [$"{place.path} of {server.shown(place.part)} {fault}" |
	some place in server.data_places(workload)
	fault := _fault(place)
]

_fault(place) := $"is backed by {place.source}, which does not outlive the pod" if {
	not place.source in {"persistentVolumeClaim", "hostPath", "nfs", "csi", "iscsi", "cephfs", "rbd", "fc"}
} else := $"is the host's {value.shown(place.host_path)}, and the pod can run on any node" if {
	place.source == "hostPath"
	not _pinned(place.part)
} else := $"claims the storage class {_class(place)}, which does not exist" if {
	storage_class.absent(_class(place))
} else := "claims the default storage class, and there is none" if {
	_wants_default(place)
	storage_class.none_by_default
}

_pinned(part) if count(value.object_at(part.pod, ["nodeSelector"])) > 0

_pinned(part) if value.string_at(part.pod, ["nodeName"]) != ""

_pinned(part) if {
	required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]
	count(value.objects_at(part.pod, required)) > 0
}

# Of a claim: its class by name, empty where it has none or is not known.
_class(place) := value.plain(value.at(place.claim, ["storageClassName"], "")) if {
	place.claim != null
} else := ""

_wants_default(place) if {
	place.claim != null
	value.at(place.claim, ["storageClassName"], null) == null
}

_undecided(workload) := array.concat(
	[$"where {role} keeps its data" |
		some role in ["mysql", "clickhouse"]
		count(server.parts(workload, role)) == 0
		not server.elsewhere(workload, role)
	],
	sort({question |
		some place in server.data_places(workload)
		question := _question(place)
	}),
)

_question(place) := $"the volume claim of {server.shown(place.part)}" if {
	place.source == "persistentVolumeClaim"
	place.claim == null
} else := $"whether the storage class {_class(place)} exists" if {
	_class(place) != ""
	not storage_class.names[_class(place)]
} else := "whether the cluster has a default storage class" if {
	_wants_default(place)
	count(storage_class.defaults) == 0
} else := $"whether a volume is there for {server.shown(place.part)}, whose claim takes no storage class" if {
	place.claim != null
	value.at(place.claim, ["storageClassName"], null) == ""
}

_provision(place) := $"{server.shown(place.part)} claims the storage class {_class(place)}" if {
	_class(place) != ""
} else := $"{server.shown(place.part)} claims the default storage class {storage_class.defaults[0]}" if {
	_wants_default(place)
} else := $"{server.shown(place.part)} keeps its data in {place.source}"
