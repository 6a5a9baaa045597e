# METADATA
# title: conftest that evaluates once
# description: >-
#   dfpolicy.adapters.conftest has a rule for failures and one for warnings, and conftest
#   evaluates the policies again for each. Here one rule reports both, so that conftest does the
#   work that dfpolicy does and no more. No part of the bundle.
package once

import data.dfpolicy.adapters.documents
import data.dfpolicy.main

deny contains result.message if {
	some result in _decision.results
	result.outcome == "violation"
}

_decision := decision if {
	decision := main.decision with input as _input
}

_input := object.union({"mode": "auto"}, documents.evaluation(input))
