package dfpolicy.requirements.chart.chart_test

# What all requirements of the group answer.
answers := union({found | found := data.dfpolicy.requirements.chart[_].results})

namespace(labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "deepflow", "labels": labels}}

test_no_subject_no_result if {
	results := answers with input as {"resources": [namespace({})]}
	results == set()
}
