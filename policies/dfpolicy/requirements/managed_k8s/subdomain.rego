# METADATA
# title: The subdomain specifies its cloud and VPC
# description: >-
#   A subdomain connects a managed cluster to its cloud's domain, which must exist first, and to the
#   VPC of its nodes.
# custom:
#   id: DF-MG-002
#   met: the subdomain has `domain_name` with the domain of a cloud, and `config.vpc_uuid`
#   related: [DF-MG-001]
#   level: required
#   asks: deepflow-ctl subdomain list
#   impact: [AutoTagging]
#   remediation: >-
#     Create the cloud's domain with a key that can read its resources. Then create the subdomain
#     from a file with `domain_name` and `config.vpc_uuid` (`deepflow-ctl vpc list`).
package dfpolicy.requirements.managed_k8s.subdomain

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.change
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), _subject(subdomain), _verdict(subdomain)) if some subdomain in _asked

default _asked := [{}]

_asked := [] if {
	count(agent.managed) == 0
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
} else := _asking(subdomain, _incomplete(_flaws(subdomain))) if {
	count(_flaws(subdomain)) > 0
} else := result.unknown(message.of("domain {domain}", {"domain": _parent(subdomain)}), $"deepflow-ctl domain list {result.word(_parent(subdomain))}") if {
	count(domain.documents) == 0
} else := _incomplete([message.of(
	"the input has no domain {domain}, only {domains}",
	{"domain": _parent(subdomain), "domains": message.list(domain.names(domain.documents))},
)]) if {
	count(_parents(subdomain)) == 0
} else := _incomplete(_parental_flaws(subdomain)) if {
	count(_parental_flaws(subdomain)) > 0
} else := result.pass(message.of("the subdomain belongs to the cloud domain {domain}", {"domain": _parent(subdomain)}))

_asking(subdomain, verdict) := result.fixed_by(
	change.asking(_vpc, change.manifests("vpc-uuid", [change.answered(_subject(subdomain), ["spec", "config", "vpc_uuid"], "vpc-uuid")])),
	verdict,
) if {
	count(_flaws(subdomain)) == 1
	_unreal(value.at(subdomain, ["spec", "config", "vpc_uuid"], ""))
} else := verdict

_vpc := {"key": "vpc-uuid", "text": message.text("UUID of the cluster's VPC, as `deepflow-ctl vpc list` shows it"), "type": "text"}

_incomplete(flaws) := result.violation(
	message.clauses(flaws),
	"`domain_name` with the domain of a cloud, and `config.vpc_uuid`",
)

_parent(subdomain) := value.string_at(subdomain, ["spec", "domain_name"])

_flaws(subdomain) := [message.of("{key} is {value}", {"key": concat(".", path), "value": value.shown(given)}) |
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

# The keys are secrets: never show their values.
_parental_flaws(subdomain) := array.flatten([
	[message.of(
		"domain {domain} has type {type}, which is not a cloud",
		{"domain": domain.name(found), "type": value.shown(domain.type(found))},
	) |
		some found in _parents(subdomain)
		not domain.cloud(found)
	],
	[message.of("{key} of domain {domain} is empty or a placeholder", {"key": key, "domain": domain.name(found)}) |
		some found in _parents(subdomain)
		some key in ["secret_id", "secret_key"]
		key in object.keys(value.object_at(found, ["spec", "config"]))
		_unreal(value.at(found, ["spec", "config", key], ""))
	],
])
