# METADATA
# title: Domains
# description: >-
#   The server's domains, which are clouds, clusters or groups of hosts, and its subdomains,
#   which are managed clusters of a cloud, as deepflow-ctl reads them.
package dfpolicy.lib.domain

import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: Domains of the input
# description: All of them, in the order of their names.
documents := deepflow_server.documents("Domain")

# METADATA
# title: Subdomains of the input
# description: All of them, in the order of their names.
subdomains := deepflow_server.documents("Subdomain")

# METADATA
# title: Clusters
# description: The domains that are clusters.
clusters := [found | some found in documents; type(found) == "kubernetes"]

# METADATA
# title: Name
# description: The name that the server knows a domain by.
name(domain) := own if {
	own := value.string_at(domain, ["spec", "name"])
	own != ""
} else := value.string_at(domain, ["metadata", "name"])

# METADATA
# title: Names
# description: The names, in order, of the domains.
names(domains) := sort({name(domain) | some domain in domains})

# METADATA
# title: Type
# description: The platform of a domain; empty where it has none.
type(domain) := value.string_at(domain, ["spec", "type"])

# METADATA
# title: Clouds
# description: The types of domains whose platform is a cloud, with the settings that each needs.
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
# description: Holds for the domain of a cloud that the server reads resources from.
cloud(domain) if clouds[type(domain)]

# METADATA
# title: Missing settings
# description: What a cloud's domain lacks, as texts.
lacking(domain) := [$"{key} of {domain.metadata.name} is {lack}" |
	some key in object.get(clouds, type(domain), [])
	lack := _lack(value.at(domain, ["spec", "config", key], ""))
	lack != ""
]

_lack(given) := "not set" if {
	given == ""
} else := "no text" if {
	not is_string(given)
} else := "a placeholder" if {
	placeholders.found(given)
} else := ""

# METADATA
# title: Domains without regions
# description: >-
#   The names of those of the domains that read every region of their account, where the
#   platform lets one choose.
everywhere(domains) := [domain.metadata.name |
	some domain in domains
	type(domain) in {"aliyun", "aws", "tencent"}
	value.at(domain, ["spec", "config", "include_regions"], "") == ""
	value.at(domain, ["spec", "config", "exclude_regions"], "") == ""
]

# METADATA
# title: Crowded regions
# description: What is to say of each region that has more than one of the domains.
crowded(domains) := [$"{count(crowd)} domains of the type agent_sync are in the region {region}" |
	some region in sort({_region(domain) | some domain in domains})
	crowd := [1 | some domain in domains; _region(domain) == region]
	count(crowd) > 1
]

_region(domain) := value.plain(value.at(
	domain,
	["spec", "config", "region_uuid"],
	"ffffffff-ffff-ffff-ffff-ffffffffffff",
))
