# METADATA
# title: deepflow-ctl is of the server's line
# description: >-
#   deepflow-ctl talks to the server's own interfaces, which change from line to line. It is
#   upgraded after the server and before the agents.
# custom:
#   id: DF-UPG-003
#   level: recommended
#   impact: [Agent configuration, Agent upgrade]
#   remediation: Install the deepflow-ctl of the server's line, such as v7.1 for a server v7.1.3.
package dfpolicy.requirements.upgrade.ctl_version

import data.dfpolicy.lib.image
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.upgrade
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), _ctl_subject, _ctl) if count(running.upgraded) > 0

_ctl_subject := {"kind": "Program", "name": "deepflow-ctl"}

_ctl := result.unknown("the version of deepflow-ctl (state it with --set ctlVersion=VERSION)", "deepflow-ctl -v") if {
	_ctl_version == null
} else := upgrade.server_unknown if {
	upgrade.served == null
} else := result.pass($"deepflow-ctl has {upgrade.text(_ctl_version)}, the server has {upgrade.text(upgrade.served)}") if {
	upgrade.line(_ctl_version) == upgrade.line(upgrade.served)
} else := result.violation(
	$"deepflow-ctl has {upgrade.text(_ctl_version)}, the server has {upgrade.text(upgrade.served)}",
	$"deepflow-ctl of {upgrade.text(upgrade.line(upgrade.served))}",
)

_ctl_version := image.version_of_tag(value.string_at(settings.parameters, ["ctlVersion"]))
