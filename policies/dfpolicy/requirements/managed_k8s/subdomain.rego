# METADATA
# title: The subdomain names its cloud and its VPC
# description: >-
#   A subdomain joins a managed cluster to the domain of its cloud, which must exist before it,
#   and to the VPC that its nodes are in.
# custom:
#   id: DF-MG-002
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Create the cloud's domain with a key that may read its resources, then the subdomain from a
#     file with `domain_name` and `config.vpc_uuid` (`deepflow-ctl vpc list`).
package dfpolicy.requirements.managed_k8s.subdomain

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), _subject(subdomain), _verdict(subdomain)) if some subdomain in _asked

default _asked := [{}]

_asked := [] if {
	count(agent.workloads) == 0
} else := domain.subdomains if {
	count(domain.subdomains) > 0
}

_subject(subdomain) := {
	"apiVersion": subdomain.apiVersion,
	"kind": subdomain.kind,
	"name": value.string_at(subdomain, ["metadata", "name"]),
} if {
	subdomain != {}
} else := cluster.subject

_verdict(subdomain) := result.unknown("the subdomain of the cluster", "deepflow-ctl subdomain list") if {
	subdomain == {}
} else := _incomplete(_flaws(subdomain)) if {
	count(_flaws(subdomain)) > 0
} else := result.unknown($"the domain {_parent(subdomain)}", $"deepflow-ctl domain list {_parent(subdomain)}") if {
	count(domain.documents) == 0
} else := _incomplete([$"the domain {_parent(subdomain)} is not among {result.abridged(domain.names(domain.documents))}"]) if {
	count(_parents(subdomain)) == 0
} else := _incomplete(_parental_flaws(subdomain)) if {
	count(_parental_flaws(subdomain)) > 0
} else := result.pass($"it belongs to the domain {_parent(subdomain)}, which is a cloud")

_incomplete(flaws) := result.violation(
	concat("; ", flaws),
	"`domain_name` of a cloud's domain, and `config.vpc_uuid`",
)

_parent(subdomain) := value.string_at(subdomain, ["spec", "domain_name"])

_flaws(subdomain) := [$"{concat(".", path)} is {value.shown(given)}" |
	some path in [["domain_name"], ["config", "vpc_uuid"]]
	given := value.at(subdomain, array.concat(["spec"], path), "")
	_unreal(given)
]

_unreal(given) if not is_string(given)

_unreal(given) if placeholders.found(given)

_parents(subdomain) := [found |
	some found in domain.documents
	domain.name(found) == _parent(subdomain)
]

# The keys are secrets: their values are not shown.
_parental_flaws(subdomain) := array.flatten([
	[$"the domain {domain.name(found)} is of type {value.shown(domain.type(found))}, which is no cloud" |
		some found in _parents(subdomain)
		not domain.cloud(found)
	],
	[$"{key} of the domain {domain.name(found)} is empty or a placeholder" |
		some found in _parents(subdomain)
		some key in ["secret_id", "secret_key"]
		key in object.keys(value.object_at(found, ["spec", "config"]))
		_unreal(value.at(found, ["spec", "config", key], ""))
	],
])
