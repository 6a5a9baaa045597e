# METADATA
# title: Keys of the agent's configuration file
# description: The keys of deepflow-agent.yaml. The agent ignores all others.
package dfpolicy.tables.config_keys

# METADATA
# title: Known keys
# description: The keys that the agent reads.
known := {
	"agent-unique-identifier",
	"async-worker-thread-number",
	"cgroups-disabled",
	"controller-cert-file-prefix",
	"controller-domain-name",
	"controller-ips",
	"controller-port",
	"controller-tls-port",
	"kubernetes-cluster-id",
	"kubernetes-cluster-name",
	"liveness-probe-enabled",
	"liveness-probe-port",
	"log-file",
	"override-os-hostname",
	"pid-file",
	"team-id",
	"vtap-group-id-request",
}

# METADATA
# title: Nearest known key
# description: The known key that has most letter pairs in common with the string.
nearest(text) := ranked[count(ranked) - 1][1] if {
	ranked := sort([[_likeness(text, key), key] | some key in known])
}

_likeness(left, right) := (2 * count(_pairs(left) & _pairs(right))) / ((count(_pairs(left)) + count(_pairs(right))) + 1)

_pairs(text) := {substring(lower(text), i, 2) | some i in numbers.range(0, count(text) - 1)}
