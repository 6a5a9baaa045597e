package dfpolicy.lib.value_test

import data.dfpolicy.lib.value

test_at[name] if {
	some name, case in {
		"present": {"document": {"a": {"b": 1}}, "path": ["a", "b"], "want": 1},
		"false": {"document": {"a": false}, "path": ["a"], "want": false},
		"zero": {"document": {"a": 0}, "path": ["a"], "want": 0},
		"empty string": {"document": {"a": ""}, "path": ["a"], "want": ""},
		"absent": {"document": {}, "path": ["a"], "want": "fallback"},
		"null": {"document": {"a": null}, "path": ["a"], "want": "fallback"},
		"through null": {"document": {"a": null}, "path": ["a", "b"], "want": "fallback"},
		"through a number": {"document": {"a": 5}, "path": ["a", "b"], "want": "fallback"},
		"through a string": {"document": {"a": "b"}, "path": ["a", "b"], "want": "fallback"},
		"through a list": {"document": {"a": [{"b": 1}]}, "path": ["a", "b"], "want": "fallback"},
		"document null": {"document": null, "path": ["a"], "want": "fallback"},
		"document number": {"document": 5, "path": ["a"], "want": "fallback"},
		"document list": {"document": [], "path": ["a"], "want": "fallback"},
	}
	value.at(case.document, case.path, "fallback") == case.want
}

test_typed_readers[name] if {
	nothing := {"object": {}, "objects": [], "strings": [], "string": "", "true": false}
	some name, case in {
		"object": {"document": {"a": {"b": 1}}, "want": {"object": {"b": 1}}},
		"list": {"document": {"a": [{}, null, 3, "x", {"b": 1}, ["y"]]}, "want": {
			"objects": [{}, {"b": 1}],
			"strings": ["x"],
		}},
		"string": {"document": {"a": "x"}, "want": {"string": "x"}},
		"string true": {"document": {"a": "true"}, "want": {"string": "true"}},
		"true": {"document": {"a": true}, "want": {"true": true}},
		"false": {"document": {"a": false}, "want": {}},
		"number": {"document": {"a": 1}, "want": {}},
		"null": {"document": {"a": null}, "want": {}},
		"absent": {"document": {}, "want": {}},
		"document null": {"document": null, "want": {}},
		"document string": {"document": "a", "want": {}},
		"document list": {"document": [{"a": true}], "want": {}},
	}
	got := {
		"object": value.object_at(case.document, "a"),
		"objects": value.objects_at(case.document, "a"),
		"strings": value.strings_at(case.document, "a"),
		"string": value.string_at(case.document, "a"),
		"true": value.true_at(case.document, "a"),
	}
	got == object.union(nothing, case.want)
}

test_shown[name] if {
	some name, case in {
		"string": {"item": `a <b> & "c"`, "want": `"a <b> & "c""`},
		"lines": {"item": "a\nb", "want": `"a\nb"`},
		"empty string": {"item": "", "want": `""`},
		"number": {"item": 1.5, "want": "1.5"},
		"true": {"item": true, "want": "true"},
		"null": {"item": null, "want": "null"},
		"object": {"item": {"type": "Localhost", "b": 1, "a": null}, "want": `{"a":null,"b":1,"type":"Localhost"}`},
		"empty object": {"item": {}, "want": "{}"},
		"list": {"item": ["b", 1, "a"], "want": `["b",1,"a"]`},
		"empty list": {"item": [], "want": "[]"},
		"nested": {"item": {"b": {"c": 1}, "a": [1]}, "want": `{"a":[…],"b":{…}}`},
		"nested in a list": {"item": [[1], {"a": 1}], "want": `[[…],{…}]`},
	}
	value.shown(case.item) == case.want
}

test_whole[name] if {
	some name, case in {
		"number": {"digits": "42", "want": 42},
		"leading zeros": {"digits": "007", "want": 7},
		"not octal": {"digits": "0010", "want": 10},
		"zero": {"digits": "0", "want": 0},
		"zeros": {"digits": "000", "want": 0},
		"empty": {"digits": "", "want": 0},
		"letters": {"digits": "abc", "want": 0},
		"wrong type": {"digits": null, "want": 0},
	}
	value.whole(case.digits) == case.want
}

test_numbers[name] if {
	some name, case in {
		"version": {"dotted": "4.19.90", "want": [4, 19, 90]},
		"one": {"dotted": "4", "want": [4]},
		"leading zeros": {"dotted": "7.1.002", "want": [7, 1, 2]},
		"empty part": {"dotted": "1..2", "want": [1, 0, 2]},
		"empty": {"dotted": "", "want": [0]},
		"wrong type": {"dotted": 5, "want": []},
	}
	value.components(case.dotted) == case.want
}

test_plain[name] if {
	some name, case in {
		"string": {"item": "a", "want": "a"},
		"number": {"item": 1, "want": "1"},
		"null": {"item": null, "want": "null"},
		"object": {"item": {"b": 1, "a": 2}, "want": `{"a":2,"b":1}`},
	}
	value.plain(case.item) == case.want
}

test_words[line] if {
	some line, want in {
		"": [],
		"  ": [],
		"a b  c": ["a", "b", "c"],
		`a "b c" 'd "e'`: ["a", "b c", `d "e`],
		`a=""`: [`a=""`],
		`"" a`: ["", "a"],
	}
	value.words(line) == want
}

test_sorted_strings if {
	value.sorted([]) == []
	value.sorted(["b", "", "a", "b"]) == ["", "a", "b", "b"]

	# Enough for slices, and one text more often than a slice is long.
	texts := [text | some i in numbers.range(1, 300); text := ["same", $"{i * 37 % 300}"][i % 2]]
	value.sorted(texts) == sort(texts)
}
