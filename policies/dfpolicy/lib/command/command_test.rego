package dfpolicy.lib.command_test

import data.dfpolicy.lib.command

test_command[name] if {
	some name, case in {
		"nothing": {"given": {}, "want": set()},
		"the agent": {"given": {"command": ["/bin/deepflow-agent"], "args": ["-f", "a"]}, "want": {"starts"}},
		"behind a wrapper": {"given": {"command": ["tini", "--", "/usr/bin/deepflow-agent"]}, "want": {"starts"}},
		"in a script": {"given": {"command": ["sh", "-c"], "args": ["sleep 5; exec /bin/deepflow-agent -f a"]}, "want": {"starts"}},
		"in a script without a path": {"given": {"command": ["sh", "-ec", "deepflow-agent"]}, "want": {"starts"}},
		"only its file": {"given": {"command": ["sh", "-c", "cat /etc/deepflow-agent.yaml"]}, "want": {"idles"}},
		"sleep": {"given": {"command": ["/bin/sleep", "3600"]}, "want": {"idles"}},
		"sleep with the agent's name": {"given": {"command": ["echo", "deepflow-agent"]}, "want": {"idles"}},
		"a shell": {"given": {"command": ["/bin/bash"]}, "want": {"idles"}},
		"a loop": {"given": {"command": ["sh", "-c", "while true; do sleep 10; done"]}, "want": {"idles"}},
		"two scripts": {"given": {"command": ["sh", "-c", "sleep 1", "-c", "run"]}, "want": {"idles"}},
		"a hidden argument": {"given": {"command": ["sh", "-c", "echo (hidden); sleep 5"]}, "want": {"idles"}},
		"a hidden program": {"given": {"command": ["sh", "-c", "(hidden); sleep 5"]}, "want": set()},
		"another program": {"given": {"command": ["/entrypoint.sh"]}, "want": set()},
		"a script of another program": {"given": {"command": ["sh", "-c", "start-it"]}, "want": set()},
		"sleep forever": {"given": {"command": ["sleep", "infinity"]}, "want": {"idles", "never_ends"}},
		"tail forever": {"given": {"command": ["sh", "-c", "exec tail -f /dev/null"]}, "want": {"idles", "never_ends"}},
		"false": {"given": {"command": ["/bin/false"]}, "want": {"idles", "fails"}},
		"exit": {"given": {"command": ["sh", "-c", "echo a; exit 1"]}, "want": {"idles", "fails"}},
		"exit 0": {"given": {"command": ["sh", "-c", "exit 0"]}, "want": {"idles"}},
		"perhaps": {"given": {"command": ["sh", "-c", "test -f a || exit 1"]}, "want": set()},
		"wrong types": {"given": {"command": "sleep", "args": [5, null]}, "want": set()},
	}
	starts := {"starts" | command.starts(case.given, "deepflow-agent")}
	idles := {"idles" | command.idles(case.given); not command.starts(case.given, "deepflow-agent")}
	ends := {"fails" | command.fails(case.given)} | {"never_ends" | command.never_ends(case.given)}
	found := (starts | idles) | ends
	found == case.want
}
