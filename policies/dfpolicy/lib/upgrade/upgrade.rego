# METADATA
# title: Upgrade
# description: The versions that an upgrade starts from and leads to.
package dfpolicy.lib.upgrade

import data.dfpolicy.lib.image
import data.dfpolicy.lib.running
import data.dfpolicy.lib.server

# METADATA
# title: Version as a message shows it
# description: The version with the word before it.
text(version) := $"version {image.version_text(version)}"

# METADATA
# title: Version of the server
# description: The version that the manifests give the server, else the one it runs with.
served := server.version(server.workloads) if {
	count(server.workloads) > 0
} else := running.server_version

# METADATA
# title: Server version not known
# description: The unknown verdict on the version of the server.
server_unknown := server.version_unknown(server.workloads) if {
	count(server.workloads) > 0
	served == null
} else := running.server_unknown

# METADATA
# title: Release line
# description: The first two numbers of a version.
line(version) := array.slice(version, 0, 2)
