# METADATA
# title: Defaults of the agent's configuration file
# description: What deepflow-agent.yaml holds, or stands for, when a chart is given no values.
package dfpolicy.tables.config_defaults

# METADATA
# title: Default values
# description: The texts by key that losing changes nothing.
values := {
	"controller-ips": {"deepflow-server"},
	"controller-port": {"30035"},
}
