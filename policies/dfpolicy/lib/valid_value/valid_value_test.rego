package dfpolicy.lib.valid_value_test

import data.dfpolicy.lib.valid_value

test_formats[name] if {
	some name, case in {
		"a label": {"given": "a-1", "want": {"label", "subdomain", "key", "value"}},
		"a subdomain": {"given": "a.b", "want": {"subdomain", "key", "value"}},
		"capitals": {"given": "A_b", "want": {"key", "value"}},
		"a prefix": {"given": "example.com/a", "want": {"key"}},
		"two prefixes": {"given": "a/b/c", "want": set()},
		"empty": {"given": "", "want": {"value"}},
		"a blank": {"given": "a b", "want": set()},
		"64 letters": {"given": concat("", ["a" | some _ in numbers.range(1, 64)]), "want": {"subdomain"}},
	}
	names := {"label" | valid_value.label(case.given)} | {"subdomain" | valid_value.subdomain(case.given)}
	labels := {"key" | valid_value.key(case.given)} | {"value" | valid_value.labels("labels", {"a": case.given}) == set()}
	found := names | labels
	found == case.want
}

test_amounts if {
	every given in [1, 0.5, "500m", "1Gi", "1e9", ".5", "+1", "5."] {
		valid_value.amount(given)
	}
	every given in [-1, "-1", "1MB", "1 Gi", "", "0,5", null, true] {
		not valid_value.amount(given)
	}
}

test_above if {
	valid_value.above("1Gi", "1G")
	not valid_value.above("1000m", 1)
	not valid_value.above("1", null)
}

test_items_of_wrong_types if {
	valid_value.items({"a": [1, {"b": 2}]}, "a") == [[1, {"b": 2}]]
	valid_value.items({"a": {"b": {}}}, "a") == []
}
