package dfpolicy.tables.field_reports_test

import data.dfpolicy.lib.agent_release
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_offsets

# A report is fixed when an agent release gets the offsets: both tables name the same releases.
test_fixed_reports_have_offsets if {
	every row in field_reports.unadapted {
		value.at(row, "fixed", []) == [since | some since in kernel_offsets.since(row.release)]
	}
}

_failing(release, version) := {row.source |
	some row in field_reports.unloaded
	regex.match(row.kernel, release)
	version >= row.from
	version < row.before
	not agent_release.carries(version, row.fixed)
}

test_unloaded[name] if {
	some name, case in {
		"4.14 before any cause": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 0, 8], "want": 0},
		"4.14, moving tag": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 1], "want": 0},
		"4.14, last build with the first cause": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 0, 9], "want": 1},
		"4.14, two changes to come": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 1, 2], "want": 2},
		"4.14, one change to come": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 1, 5], "want": 1},
		"4.14, fixed": {"kernel": "4.14.355-275.amzn2.x86_64", "agent": [7, 1, 8], "want": 0},
		"el9": {"kernel": "5.14.0-503.el9.x86_64", "agent": [7, 1, 3], "want": 1},
		"el9, fixed": {"kernel": "5.14.0-503.el9.x86_64", "agent": [7, 1, 4], "want": 0},
		"el9, moving tag of a fixed branch": {"kernel": "5.14.0-503.el9.x86_64", "agent": [6, 6], "want": 0},
		"another 5.14": {"kernel": "5.14.21-150500-default", "agent": [7, 1, 3], "want": 0},
		"6.8": {"kernel": "6.8.0-31-generic", "agent": [7, 1, 1], "want": 1},
		"6.80": {"kernel": "6.80.0", "agent": [7, 1, 1], "want": 0},
		"6.18": {"kernel": "6.18.3", "agent": [7, 1], "want": 1},
		"6.18, an earlier branch": {"kernel": "6.18", "agent": [7, 0, 9], "want": 0},
	}
	count(_failing(case.kernel, case.agent)) == case.want
}
