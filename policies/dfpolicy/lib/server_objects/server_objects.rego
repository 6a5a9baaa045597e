# METADATA
# title: The server's objects
# description: >-
#   What the server keeps, as deepflow-ctl reads them: domains, which are clouds or
#   clusters, and subdomains, which are managed clusters of a cloud.
package dfpolicy.lib.server_objects

import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Domains
# description: The Domain documents of the input.
domains := [resource | some resource in settings.resources; _of_kind(resource, "Domain")]

# METADATA
# title: Subdomains
# description: The Subdomain documents of the input.
subdomains := [resource | some resource in settings.resources; _of_kind(resource, "Subdomain")]

_of_kind(resource, kind) if {
	resource.kind == kind
	resource.apiVersion == "dfpolicy.dev/v1"
}

# METADATA
# title: Name
# description: The name that the server knows a domain by.
name(resource) := own if {
	own := value.string_at(resource, ["spec", "name"])
	own != ""
} else := value.string_at(resource, ["metadata", "name"])

# METADATA
# title: Type
# description: What the domain is, such as kubernetes or aliyun.
type(resource) := value.string_at(resource, ["spec", "type"])

# METADATA
# title: Names
# description: The names, in order, of the domains.
names(found) := sort({name(resource) | some resource in found})

# METADATA
# title: Clusters
# description: The domains that are clusters.
clusters := [resource | some resource in domains; type(resource) == "kubernetes"]

# METADATA
# scope: document
# title: Cloud
# description: Holds for the domain of a cloud that the server reads resources from.
cloud(resource) if type(resource) in {"aliyun", "aws", "baidu_bce", "huawei", "qingcloud", "tencent", "volcengine"}
