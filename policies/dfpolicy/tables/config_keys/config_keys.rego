# METADATA
# title: Keys of the agent's configuration file
# description: >-
#   The keys of deepflow-agent.yaml with their type and the first release that has them. The agent
#   ignores all others.
package dfpolicy.tables.config_keys

# METADATA
# title: Keys
# description: The type and the first release of each key.
keys := {
	"agent-unique-identifier": {"type": "identifier", "since": [6, 4]},
	"async-worker-thread-number": {"type": "port", "since": [6, 1]},
	"cgroups-disabled": {"type": "boolean", "since": [6, 4]},
	"controller-cert-file-prefix": {"type": "string", "since": [6, 1]},
	"controller-domain-name": {"type": "list", "since": [6, 1]},
	"controller-ips": {"type": "list", "since": [6, 1]},
	"controller-port": {"type": "port", "since": [6, 1]},
	"controller-tls-port": {"type": "port", "since": [6, 1]},
	"kubernetes-cluster-id": {"type": "string", "since": [6, 1]},
	"kubernetes-cluster-name": {"type": "optional", "since": [6, 1]},
	"liveness-probe-enabled": {"type": "boolean", "since": [7, 2]},
	"liveness-probe-port": {"type": "port", "since": [7, 2]},
	"log-file": {"type": "string", "since": [6, 1]},
	"override-os-hostname": {"type": "optional", "since": [6, 2]},
	"pid-file": {"type": "string", "since": [6, 4]},
	"team-id": {"type": "string", "since": [6, 5]},
	"vtap-group-id-request": {"type": "string", "since": [6, 1]},
}

# METADATA
# title: Key of a text
# description: True for a key whose value is always a string, so that the agent reads no null there.
text(key) if keys[key].type == "string"

# METADATA
# title: Word for null
# description: True for a plain scalar that YAML decoders read as null.
null_word(plain) if plain in {"", "~", "null", "Null", "NULL"}

_former := {
	"agent-group-id": "vtap-group-id-request",
	"agent-group-id-request": "vtap-group-id-request",
	"vtap-group-id": "vtap-group-id-request",
}

# METADATA
# title: Nearest known key
# description: The known key with a similar name, at most two letters away. Undefined when there is none.
nearest(given) := current if {
	current := _former[given]
} else := ranked[0][1] if {
	ranked := sort([[distance, key] |
		some key, _ in keys
		abs(count(key) - count(given)) <= 2
		distance := _distance(_plain(given), key)
	])
	count(ranked) > 0
}

_plain(given) := replace(lower(given), "_", "-")

# Two strings are this similar if they are equal without this many letters of each.
_distance(one, other) := 0 if {
	one == other
} else := 1 if {
	count(_shortened({one}) & _shortened({other})) > 0
} else := 2 if {
	count(_shortened(_shortened({one})) & _shortened(_shortened({other}))) > 0
}

_shortened(texts) := texts | {concat("", [substring(text, 0, i), substring(text, i + 1, -1)]) |
	some text in texts
	some i in numbers.range(0, count(text) - 1)
}
