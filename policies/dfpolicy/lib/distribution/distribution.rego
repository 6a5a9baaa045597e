# METADATA
# title: Distributions
# description: >-
#   The distribution of a node, among those of the kernel matrix: from os-release, from `osImage`
#   of its Node object, or from its kernel release.
package dfpolicy.lib.distribution

import data.dfpolicy.lib.kernel_release
import data.dfpolicy.lib.value

# METADATA
# title: Distribution of a node
# description: >-
#   {name, version, known}: name is centos, euleros, kylin, oracle, scientific, suse or other;
#   version is the service pack of Kylin (`SP1`) or the version of the others, empty if unknown. known is
#   false if nothing shows the distribution.
of(node) := _of(node, [lower(text) | some text in _texts(node)])

_of(node, texts) := {"name": "kylin", "version": _service_pack(node), "known": true} if {
	_kylin(node, texts)
} else := {"name": "euleros", "version": "", "known": true} if {
	_euleros(node, texts)
} else := {"name": "centos", "version": _version(node), "known": true} if {
	_begins(texts, "centos")
} else := {"name": "oracle", "version": _version(node), "known": true} if {
	_oracle(texts)
} else := {"name": "scientific", "version": _version(node), "known": true} if {
	_begins(texts, "scientific")
} else := {"name": "suse", "version": _suse_version(node), "known": true} if {
	_suse(texts)
} else := {"name": "other", "version": _version(node), "known": count(texts) > 0}

_kylin(_, texts) if {
	some text in texts
	contains(text, "kylin")
}

_kylin(node, _) if contains(_release(node), ".ky10.")

_euleros(_, texts) if _begins(texts, "euleros")

_euleros(node, _) if contains(_release(node), ".eulerosv")

_oracle(texts) if "ol" in texts

_oracle(texts) if _begins(texts, "oracle")

_suse(texts) if {
	some start in ["sled", "sles", "sle_", "suse linux enterprise"]
	_begins(texts, start)
}

_begins(texts, start) if {
	some text in texts
	startswith(text, start)
}

# METADATA
# title: Shown distribution
# description: The distribution as the node names it, or `unknown`.
shown(node) := texts[count(texts) - 1] if {
	texts := _texts(node)
	count(texts) > 0
} else := "unknown"

# METADATA
# scope: document
# title: Debian
# description: >-
#   True for Debian and its derivatives, and if nothing shows the distribution, because it can be
#   one of them.
debian(node) if {
	some text in _texts(node)
	regex.match(`^(?i)(debian|ubuntu|linux ?mint|deepin|uos|uniontech|kali|raspbian)`, text)
}

debian(node) if count(_texts(node)) == 0

_release(node) := value.string_at(node.spec, "kernelRelease")

# Collected facts win over `osImage` of the Node object.
_texts(node) := collected if {
	collected := [text |
		some key in ["id", "prettyName"]
		text := value.string_at(node.spec, ["os", key])
		text != ""
	]
	count(collected) > 0
} else := [text |
	text := value.string_at(node.spec, "osImage")
	text != ""
]

_says(node, pattern) if {
	some text in _texts(node)
	regex.match(pattern, text)
}

# A code name identifies a service pack. Without one, the build of the kernel does. Builds from
# 26 to 51 belong to no known service pack.
_service_pack(node) := packs[0] if {
	packs := [pack |
		some [pack, name] in [
			["SP1", `(?i)tercel|\bSP1\b`],
			["SP2", `(?i)sword|\bSP2\b`],
			["SP3", `(?i)lance|\bSP3\b`],
		]
		_says(node, name)
	]
	count(packs) > 0
} else := _pack_of_build(kernel_release.build(_release(node)))

_pack_of_build(build) := "SP1" if {
	build[0] <= 23
} else := "SP2" if {
	build[0] in {24, 25}
} else := "SP3" if {
	build[0] >= 52
} else := ""

_version(node) := version if {
	version := value.string_at(node.spec, ["os", "versionId"])
	version != ""
} else := found[0] if {
	found := [match[0] |
		some text in _texts(node)
		some match in regex.find_all_string_submatch_n(`[0-9]+(?:\.[0-9]+)*`, text, 1)
	]
	count(found) > 0
} else := ""

_suse_version(node) := versions[0] if {
	versions := [concat(".", [match[1], match[2]]) |
		some text in _texts(node)
		some match in regex.find_all_string_submatch_n(`\b([0-9]+) SP([0-9]+)\b`, text, 1)
	]
	count(versions) > 0
} else := _version(node)
