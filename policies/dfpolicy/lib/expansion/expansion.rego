# METADATA
# title: References between variables
# description: >-
#   Expands `$(NAME)` in the variables of a container as the kubelet does: with the value of an
#   earlier variable. A reference to a later variable, or to none, stays as it is.
package dfpolicy.lib.expansion

import data.dfpolicy.lib.value

# METADATA
# title: Expanded entries
# description: >-
#   The entries {name, value} or {name, valueFrom} of `env` in their order. `source` has the
#   variables of `envFrom` as `known`, the unknown sources of `envFrom` as `open`, and `links` if the
#   pod gets variables for each Service. An entry that depends on an unknown value has `valueFrom`
#   with `variable`.
entries(source, given) := [_closed(entry) | some entry in _pass(source, _pass(source, _pass(source, given)))]

# Three passes reach a chain of three references.
_pass(source, list) := [_step(source, list, i) | some i, _ in list]

_step(source, list, i) := object.union(_entry(source, list, i, parts[0][1]), {"name": list[i].name}) if {
	not _finished(list[i])
	parts := regex.find_all_string_submatch_n(`^\$\(([^)]*)\)$`, list[i].value, 1)
} else := {"name": list[i].name, "value": concat("", [text | some text in texts]), "expanded": true} if {
	not _finished(list[i])
	parts := regex.find_all_string_submatch_n(`\$\$|\$\(([^)]*)\)|\$|[^$]+`, list[i].value, -1)
	not contains(list[i].value, "(hidden)")
	texts := [text | some part in parts; text := _text(source, list, i, part)]
	count(texts) == count(parts)
} else := list[i]

# The whole value is one reference, also to a value that is not known.
_entry(source, list, i, name) := list[max(own)] if {
	own := _earlier(list, i, name)
	_finished(list[max(own)])
} else := {"value": text, "expanded": true} if {
	text := _text(source, list, i, [$"$({name})", name])
} else := list[i]

_text(source, list, i, part) := _referred(source, list, i, part[1]) if {
	startswith(part[0], "$(")
}

_text(_, _, _, part) := replace(part[0], "$$", "$") if not startswith(part[0], "$(")

_referred(source, list, i, name) := value.plain(object.get(other, "value", "")) if {
	own := _earlier(list, i, name)
	other := list[max(own)]
	_finished(other)
	not other.valueFrom
} else := text if {
	count(_earlier(list, i, name)) == 0
	not _opened(source, name)
	text := value.plain(source.known[name].value)
	not contains(text, "(hidden)")
} else := $"$({name})" if {
	count(_earlier(list, i, name)) == 0
	not _opened(source, name)
	not source.known[name]
	not _linked(source, name)
}

_earlier(list, i, name) := {j | some j, other in list; j < i; other.name == name}

# The value of other variables than those that requirements read is hidden.
_finished(entry) if entry.expanded

_finished(entry) if not regex.match(`\$|\(hidden\)`, value.plain(object.get(entry, "value", "")))

_opened(source, name) if {
	some other in source.open
	startswith(name, value.string_at(other, "prefix"))
}

# The kubelet sets variables for the API server, and for the Services of the namespace.
_linked(source, name) if {
	source.links
	regex.match(`_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)`, name)
}

_linked(_, name) if startswith(name, "KUBERNETES_")

_closed(entry) := object.remove(entry, ["expanded"]) if {
	_finished(entry)
} else := {"name": entry.name, "valueFrom": {"variable": {}}}
