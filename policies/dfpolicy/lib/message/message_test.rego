package dfpolicy.lib.message_test

import data.dfpolicy.lib.message

test_english[name] if {
	some name, case in {
		"a string": {"given": "x", "expected": "x"},
		"a number": {"given": 2, "expected": "2"},
		"fields": {"given": message.of("{a} is {b}", {"a": "x", "b": 2}), "expected": "x is 2"},
		"braces in values": {
			"given": message.of("{a} {b}", {"a": "{b}", "b": "{a}"}),
			"expected": "{b} {a}",
		},
		"a message among the values": {
			"given": message.of("not known: {fact}", {"fact": message.of("{n} of it", {"n": 1})}),
			"expected": "not known: 1 of it",
		},
		"one": {"given": message.counted("{count} node", "{count} nodes", {"count": 1}), "expected": "1 node"},
		"many": {"given": message.counted("{count} node", "{count} nodes", {"count": 3}), "expected": "3 nodes"},
		"an empty list": {"given": message.list([]), "expected": ""},
		"five of a list": {"given": message.list(["a", "b", "c", "d", "e"]), "expected": "a, b, c, d, e"},
		"seven of a list": {
			"given": message.list(["a", "b", "c", "d", "e", "f", "g"]),
			"expected": "a, b, c, d, e and 2 more",
		},
		"a whole list": {
			"given": message.whole(["a", "b", "c", "d", "e", "f"]),
			"expected": "a, b, c, d, e, f",
		},
		"clauses": {"given": message.clauses(["a", message.text("b")]), "expected": "a; b"},
	}
	message.english(case.given) == case.expected
}

test_templates[name] if {
	some name, case in {
		"fields": {
			"given": message.of("{a}", {"a": message.list(["b"])}),
			"expected": {"template": "{a}", "values": {"a": {"items": ["b"]}}},
		},
		"plural": {
			"given": message.counted("{count} node", "{count} nodes", {"count": 3}),
			"expected": {"template": "{count} node", "plural": "{count} nodes", "values": {"count": 3}},
		},
		"more": {
			"given": message.list(["a", "b", "c", "d", "e", "f"]),
			"expected": {"items": ["a", "b", "c", "d", "e"], "more": 1},
		},
		"clauses": {
			"given": message.clauses(["a", message.text("b")]),
			"expected": {"items": ["a", {"template": "b"}], "separator": "; "},
		},
	}
	message.templates(case.given) == case.expected
}

test_a_phrase_is_a_message if {
	message.phrase("a") == message.text("a")
	message.phrase(message.of("{a}", {"a": 1})) == message.of("{a}", {"a": 1})
}

test_a_constant_text_has_no_template if not message.templates("x")
