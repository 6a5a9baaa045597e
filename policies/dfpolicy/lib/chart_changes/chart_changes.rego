# METADATA
# title: Changes of chart values
# description: >-
#   Verdicts with a change that only the values of DeepFlow's charts express, because it adds or
#   removes whole objects. The target is of the kind HelmValues, with the chart's name.
package dfpolicy.lib.chart_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.result

# METADATA
# title: Values of a chart
# description: After the change, each entry {path, value} is in the values of the chart.
values(name, cause, entries, verdict) := result.fixed_by(
	change.manifests(cause, [change.set({"kind": "HelmValues", "name": name}, entry.path, entry.value) | some entry in entries]),
	verdict,
) if {
	result.fixable(verdict)
	count(entries) > 0
} else := verdict
