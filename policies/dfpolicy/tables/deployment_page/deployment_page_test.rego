package dfpolicy.tables.deployment_page_test

import data.dfpolicy.tables.deployment_page

test_ids_are_unique if {
	ids := {line.id | some line in deployment_page.lines}
	count(ids) == count(deployment_page.lines)
}

test_each_line_has_a_section_and_text if {
	every line in deployment_page.lines {
		deployment_page.sections[line.section] != ""
		line.text != ""
	}
}

test_each_section_has_lines if {
	{line.section | some line in deployment_page.lines} == object.keys(deployment_page.sections)
}
