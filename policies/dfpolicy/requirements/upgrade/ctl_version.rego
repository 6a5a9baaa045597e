# METADATA
# title: deepflow-ctl belongs to the server's release line
# description: >-
#   deepflow-ctl calls the server's internal API, which changes between release lines. Upgrade
#   deepflow-ctl after the server and before the agents.
# custom:
#   id: DF-UPG-003
#   met: >-
#     `ctlVersion` states deepflow-ctl of the server's release line
#   level: recommended
#   asks: deepflow-ctl -v
#   impact: [Agent configuration, Agent upgrade]
#   remediation: Install deepflow-ctl of the server's release line, for example v7.1 for a server v7.1.3.
package dfpolicy.requirements.upgrade.ctl_version

import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.upgrade
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), _ctl_subject, _ctl) if count(running.managed) > 0

_ctl_subject := {"kind": "Program", "name": "deepflow-ctl"}

_ctl := result.unknown("the version of deepflow-ctl (state it with --assume ctlVersion=VERSION)", "deepflow-ctl -v") if {
	_ctl_version == null
} else := upgrade.server_unknown if {
	upgrade.served == null
} else := result.pass(_versions) if {
	upgrade.line(_ctl_version) == upgrade.line(upgrade.served)
} else := upgrade.ctl_installed(result.violation(
	_versions,
	message.of("deepflow-ctl v{line}", {"line": image.version_text(upgrade.line(upgrade.served))}),
))

_versions := message.of(
	"deepflow-ctl is v{ctl}, the server is v{server}",
	{"ctl": image.version_text(_ctl_version), "server": image.version_text(upgrade.served)},
)

_ctl_version := image.version_of_tag(value.string_at(settings.parameters, "ctlVersion"))
