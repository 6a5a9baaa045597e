package dfpolicy.lib.result_test

import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

_chain := [
	{"path": ["dfpolicy", "requirements", "ebpf", "kptr_restrict", "results"]},
	{
		"path": ["dfpolicy", "requirements", "ebpf", "kptr_restrict"],
		"annotations": {
			"scope": "package",
			"title": "Addresses are shown",
			"description": "Why.",
			"custom": {
				"id": "DF-EBPF-007",
				"level": "required",
				"reads": ["nodes"],
				"impact": ["AutoProfiling"],
				"remediation": "Set it.",
			},
		},
	},
	{
		"path": ["dfpolicy", "requirements", "ebpf"],
		"annotations": {
			"scope": "subpackages",
			"title": "eBPF",
			"custom": {
				"group": "ebpf",
				"order": 3,
				"modes": ["single-k8s", "multi-k8s"],
				"since": "0.1.0",
			},
		},
	},
]

_narrowed := json.patch(_chain, [{"op": "add", "path": "/1/annotations/custom/modes", "value": ["multi-k8s"]}])

_subject := {"kind": "Node", "name": "a"}

_common := {
	"id": "DF-EBPF-007",
	"level": "required",
	"group": "ebpf",
	"order": 3,
	"impact": ["AutoProfiling"],
	"remediation": "Set it.",
	"title": "Addresses are shown",
	"subject": {"kind": "Node", "name": "a"},
}

_fact(text) := {"template": "not known: {fact}", "values": {"fact": {"template": text}}}

test_of[name] if {
	some name, case in {
		"pass": {"verdict": result.pass("it is 1"), "want": {
			"outcome": "pass",
			"observed": "it is 1",
			"expected": "",
			"message": "Addresses are shown: it is 1",
		}},
		"violation": {"verdict": result.violation("it is 2", "it is 0 or 1"), "want": {
			"outcome": "violation",
			"observed": "it is 2",
			"expected": "it is 0 or 1",
			"message": "Addresses are shown: it is 2; expected it is 0 or 1",
		}},
		"unknown": {"verdict": result.unknown("the sysctl", "sysctl x"), "want": {
			"outcome": "unknown",
			"observed": "not known: the sysctl",
			"expected": "",
			"message": "Addresses are shown: not known: the sysctl",
			"messages": {"observed": _fact("the sysctl")},
			"collect": "sysctl x",
		}},
		"at another level": {"verdict": result.at("recommended", result.violation("a", "b")), "want": {
			"outcome": "violation",
			"observed": "a",
			"expected": "b",
			"message": "Addresses are shown: a; expected b",
			"level": "recommended",
		}},
		"losing more": {"verdict": result.losing(["AutoTracing", "AutoProfiling"], result.violation("a", "b")), "want": {
			"outcome": "violation",
			"observed": "a",
			"expected": "b",
			"message": "Addresses are shown: a; expected b",
			"impact": ["AutoTracing", "AutoProfiling"],
		}},
	}
	got := result.of(_chain, _subject, case.verdict) with input as {"mode": "single-k8s"}
	got == object.union(_common, case.want)
}

# A group with a remediation that its requirements fill in.
test_of_fills_the_remediation if {
	own := json.patch(_chain, [
		{"op": "remove", "path": "/1/annotations/custom/remediation"},
		{"op": "add", "path": "/1/annotations/custom/words", "value": {"resource": "pods", "group": "the group `apps`"}},
		{"op": "add", "path": "/2/annotations/custom/remediation", "value": "Add `{resource}` of {group}."},
	])
	got := result.of(own, _subject, result.pass("a")) with input as {"mode": "single-k8s"}
	got.remediation == "Add `pods` of the group `apps`."
	got.messages.remediation == {
		"template": "Add `{resource}` of {group}.",
		"values": {"resource": "pods", "group": {"template": "the group `apps`"}},
	}

	other := result.of(own, _subject, result.remedied("Do b.", result.pass("a"))) with input as {"mode": "single-k8s"}
	other.remediation == "Do b."
	not other.messages
}

test_of_applies[name] if {
	some name, case in {
		"a mode of the group": {"chain": _chain, "input": {"mode": "multi-k8s"}, "want": ["DF-EBPF-007"]},
		"the mode by default": {"chain": _chain, "input": {}, "want": ["DF-EBPF-007"]},
		"the mode null": {"chain": _chain, "input": {"mode": null}, "want": ["DF-EBPF-007"]},
		"another mode": {"chain": _chain, "input": {"mode": "legacy-host"}, "want": []},
		"a mode of wrong type": {"chain": _chain, "input": {"mode": 5}, "want": []},
		"the requirement narrows": {"chain": _narrowed, "input": {"mode": "single-k8s"}, "want": []},
		"the requirement keeps": {"chain": _narrowed, "input": {"mode": "multi-k8s"}, "want": ["DF-EBPF-007"]},
	}
	got := [entry.id | entry := result.of(case.chain, _subject, result.pass("a"))] with input as case.input
	got == case.want
}

test_verdicts[name] if {
	some name, case in {
		"pass": {"verdict": result.pass("a"), "want": {"outcome": "pass", "observed": "a", "expected": ""}},
		"violation": {"verdict": result.violation("a", "b"), "want": {"outcome": "violation", "observed": "a", "expected": "b"}},
		"unknown": {"verdict": result.unknown("a", "b"), "want": {
			"outcome": "unknown",
			"observed": "not known: a",
			"expected": "",
			"messages": {"observed": _fact("a")},
			"collect": "b",
		}},
		"at": {"verdict": result.at("recommended", {"outcome": "pass"}), "want": {"outcome": "pass", "level": "recommended"}},
		"messages": {
			"verdict": result.violation(message.of("{a} is here", {"a": 1}), "b"),
			"want": {
				"outcome": "violation",
				"observed": "1 is here",
				"expected": "b",
				"messages": {"observed": {"template": "{a} is here", "values": {"a": 1}}},
			},
		},
		"a message as the fact": {
			"verdict": result.unknown(message.of("the {a}", {"a": "b"}), "c"),
			"want": {
				"outcome": "unknown",
				"observed": "not known: the b",
				"expected": "",
				"messages": {"observed": {
					"template": "not known: {fact}",
					"values": {"fact": {"template": "the {a}", "values": {"a": "b"}}},
				}},
				"collect": "c",
			},
		},
		"losing": {"verdict": result.losing(["x"], {"outcome": "pass"}), "want": {"outcome": "pass", "impact": ["x"]}},
		"following": {
			"verdict": result.following("not-root", {"outcome": "unknown"}),
			"want": {"outcome": "unknown", "cause": "not-root"},
		},
		"a pass follows from nothing": {
			"verdict": result.following("not-root", {"outcome": "pass"}),
			"want": {"outcome": "pass"},
		},
	}
	case.verdict == case.want
}

test_words_of_a_command if {
	every text, want in {
		"a-b.c/d:e@f": "a-b.c/d:e@f",
		"": "''",
		"a; $(id)": "'a; $(id)'",
		"a'b": `'a'\''b'`,
		"a\nb": "'a\nb'",
	} {
		result.word(text) == want
	}
	result.word(["a b"]) == `'["a b"]'`
}
