# METADATA
# title: Benchmark entry for conftest
# description: >-
#   Lets conftest evaluate the same decision on the same documents, so that both
#   sides of a benchmark do the same work. No part of the bundle.
package bench

deny contains result.message if {
	decision := data.dfpolicy.main.decision with input as {"resources": [document.contents | some document in input]}
	some result in decision.results
	result.outcome == "violation"
	result.level == "required"
}
