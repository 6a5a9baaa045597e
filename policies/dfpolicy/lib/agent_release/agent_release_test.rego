package dfpolicy.lib.agent_release_test

import data.dfpolicy.lib.agent_release

_since := [[6, 4], [6, 5, 6], [6, 6, 1]]

test_carries[name] if {
	some name, version in {
		"the moving tag of a branch without a numbered release": [6, 4],
		"the moving tag": [6, 5],
		"the first release": [6, 5, 6],
		"a later release": [6, 5, 9],
		"a build with four numbers": [6, 6, 9, 2504],
		"a later branch": [7, 0],
		"a release of a later branch": [7, 1, 0],
	}
	agent_release.carries(version, _since)
}

test_lacks[name] if {
	some name, version in {
		"a release of a branch that only the moving tag has": [6, 4, 9],
		"an earlier release": [6, 5, 5],
		"an earlier branch": [6, 3],
		"an earlier branch, with a patch": [6, 3, 9],
	}
	not agent_release.carries(version, _since)
}

test_first_is_numbered if agent_release.first(_since) == "v6.5.6"
