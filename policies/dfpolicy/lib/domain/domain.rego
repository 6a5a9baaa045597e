# METADATA
# title: Domains
# description: >-
#   The server's domains (clouds, clusters or groups of hosts) and its subdomains (managed
#   clusters of a cloud), in the format of deepflow-ctl.
package dfpolicy.lib.domain

import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.message
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: Domains of the input
# description: All of them, sorted by name.
documents := deepflow_server.documents("Domain")

# METADATA
# title: Subdomains of the input
# description: All of them, sorted by name.
subdomains := deepflow_server.documents("Subdomain")

# METADATA
# title: Clusters
# description: The domains that are clusters.
clusters := [found | some found in documents; type(found) == "kubernetes"]

# METADATA
# title: Name
# description: The name of a domain in the server.
name(domain) := own if {
	own := value.string_at(domain, ["spec", "name"])
	own != ""
} else := value.string_at(domain, ["metadata", "name"])

# METADATA
# title: Names
# description: The names of the domains, sorted.
names(domains) := sort({name(domain) | some domain in domains})

# METADATA
# title: Type
# description: The platform of a domain; empty when it has none.
type(domain) := value.string_at(domain, ["spec", "type"])

# METADATA
# title: Clouds
# description: The domain types of clouds, with the settings that each needs.
clouds := {
	"aliyun": ["secret_id", "secret_key"],
	"aws": ["secret_id", "secret_key"],
	"baidu_bce": ["secret_id", "secret_key", "endpoint"],
	"huawei": ["account_name", "iam_name", "password", "project_id", "region_name"],
	"qingcloud": ["secret_id", "secret_key"],
	"tencent": ["secret_id", "secret_key"],
	"volcengine": ["secret_id", "secret_key", "include_regions"],
}

# METADATA
# scope: document
# title: Cloud
# description: True for the domain of a cloud that the server reads resources from.
cloud(domain) if clouds[type(domain)]

# METADATA
# title: Missing settings
# description: What is wrong with the settings of a cloud's domain, as messages.
lacking(domain) := [flaw |
	some key in object.get(clouds, type(domain), [])
	flaw := _flaw(
		{"key": key, "name": domain.metadata.name},
		value.at(domain, ["spec", "config", key], ""),
	)
]

_flaw(names, given) := message.of("{key} of {name} is not set", names) if {
	given == ""
} else := message.of("{key} of {name} is not a string", names) if {
	not is_string(given)
} else := message.of("{key} of {name} is a placeholder", names) if {
	placeholders.found(given)
}

# METADATA
# title: Domains without regions
# description: >-
#   The names of the domains that read every region of their account, on platforms where
#   you can choose regions.
everywhere(domains) := [domain.metadata.name |
	some domain in domains
	type(domain) in {"aliyun", "aws", "tencent"}
	value.at(domain, ["spec", "config", "include_regions"], "") == ""
	value.at(domain, ["spec", "config", "exclude_regions"], "") == ""
]

# METADATA
# title: Crowded regions
# description: A message for each region with more than one of the domains.
crowded(domains) := [message.of("region {region} has {count} domains of the type agent_sync", {"region": region, "count": count(crowd)}) |
	some region in sort({_region(domain) | some domain in domains})
	crowd := [1 | some domain in domains; _region(domain) == region]
	count(crowd) > 1
]

_region(domain) := value.plain(value.at(
	domain,
	["spec", "config", "region_uuid"],
	"ffffffff-ffff-ffff-ffff-ffffffffffff",
))
