# METADATA
# title: Defaults of the agent's configuration file
# description: The values of deepflow-agent.yaml when you set none in the chart.
package dfpolicy.tables.config_defaults

# METADATA
# title: Default values
# description: The default values by key; an upgrade that loses them changes nothing.
values := {
	"controller-ips": {"deepflow-server"},
	"controller-port": {"30035"},
}
