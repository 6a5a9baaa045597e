package dfpolicy.tables.field_reports_test

import data.dfpolicy.tables.field_reports

test_unadapted if {
	field_reports.unadapted("4.19.113-300.el7.x86_64") == ["deepflow#3674"]
	field_reports.unadapted("4.19.113-301.el7.x86_64") == []
	field_reports.unadapted(null) == []
}

test_failures[name] if {
	some name, case in {
		"the tag of the line": {"agent": [7, 1], "kernel": [6, 18, 0], "want": 1},
		"a patch": {"agent": [7, 1, 4], "kernel": [6, 18], "want": 1},
		"the next line": {"agent": [7, 2], "kernel": [6, 18], "want": 0},
		"an earlier line": {"agent": [7, 0, 9], "kernel": [6, 18], "want": 0},
		"an earlier kernel": {"agent": [7, 1], "kernel": [6, 17, 9], "want": 0},
		"a later kernel": {"agent": [7, 1], "kernel": [6, 19], "want": 0},
	}
	count(field_reports.failures(case.agent, case.kernel)) == case.want
}

test_suspect if {
	field_reports.suspect([6, 18, 3])
	not field_reports.suspect([6, 8])
}
