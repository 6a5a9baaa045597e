package dfpolicy.lib.quantity_test

import data.dfpolicy.lib.quantity

test_number[name] if {
	some name, case in {
		"number": {"written": 4, "want": 4},
		"digits": {"written": "8", "want": 8},
		"leading zeros": {"written": "008", "want": 8},
		"milli": {"written": "1500m", "want": 1.5},
		"binary": {"written": "16Gi", "want": 17179869184},
		"decimal": {"written": "2M", "want": 2000000},
		"kibibytes": {"written": "8052468Ki", "want": 8245727232},
		"fraction": {"written": "0.5", "want": 0.5},
		"zero": {"written": "0", "want": 0},
		"unknown suffix": {"written": "4GB", "want": null},
		"empty": {"written": "", "want": null},
		"null": {"written": null, "want": null},
		"list": {"written": [4], "want": null},
		"boolean": {"written": true, "want": null},
	}
	quantity.number(case.written) == case.want
}
