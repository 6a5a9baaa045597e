package dfpolicy.requirements.chart.chart_test

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.chart[_].results})

namespace(labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "deepflow", "labels": labels}}

test_no_result_without_an_agent if {
	results := answers with input as {"resources": [namespace({})]}
	results == set()
}
