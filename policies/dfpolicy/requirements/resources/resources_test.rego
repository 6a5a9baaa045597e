package dfpolicy.requirements.resources.resources_test

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.resources[_].results})

test_no_result_without_an_agent if {
	results := answers with input as {}
	results == set()
}
