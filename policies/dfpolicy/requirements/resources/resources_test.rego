package dfpolicy.requirements.resources.resources_test

# What all requirements of the group answer.
answers := union({found | found := data.dfpolicy.requirements.resources[_].results})

test_no_subject_no_result if {
	results := answers with input as {}
	results == set()
}
