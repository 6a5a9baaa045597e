# METADATA
# title: The server
# description: Which workloads run deepflow-server, and its version.
package dfpolicy.lib.server

import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Servers
# description: The server workloads of the input, in its order.
workloads := _entries(recognition.servers)

# METADATA
# title: Servers among documents
# description: One entry {subject, image, version} for each server workload of the documents.
among(documents) := _entries(recognition.among(documents, "deepflow-server"))

_entries(servers) := [{
	"subject": identity.subject(found.resource),
	"image": reference,
	"version": image.version(reference),
} |
	some found in servers
	reference := _image(found.template)
]

# METADATA
# title: Version of servers
# description: The lowest version of the servers; null if there is no server or one of the versions is unknown.
version(servers) := min([server.version | some server in servers]) if {
	count(servers) > 0
	every server in servers {
		server.version != null
	}
} else := null

# METADATA
# title: Unknown version of servers
# description: The verdict if the image of a server does not show its version.
version_unknown(servers) := result.unknown(
	message.of("the server's version (image {image})", {"image": value.shown(unversioned[0])}),
	$"docker run --rm --entrypoint deepflow-server {result.word(unversioned[0])} -v",
) if {
	unversioned := sort([found.image | some found in servers; found.version == null])
}

# Of several containers, the one with the server's image.
_image(template) := array.concat([reference | some reference in images; image.of_component(reference, "deepflow-server")], images)[0] if {
	images := [value.string_at(container, "image") | some container in recognition.components(template, "deepflow-server")]
}
