export const ATTACKS_LIST_HELP: string = `Usage: toolgate attacks list [OPTION...]

Prints the attack patterns that are known: how bad, what they are called, and what refuses them. They stand in
catalogue/attacks, one file each, with how they work, where they were seen, and the policy that stops them.

  --json               {"attacks": […]}, all that the files say
`;

export const ATTACKS_RUN_HELP: string = `Usage: toolgate attacks run [NAME...] [OPTION...]

Carries attacks out, all of them or those named, against small servers of its own behind a real gateway on this machine:
once without the policy or configuration that stops them, and once with it. It shows what was done, what reached the
server, and what refused. Agents are scripts; no model is asked, nothing leaves the machine, and nothing of your own
configuration or data folder is used. Everything runs in a temporary folder that is removed.
Exit code 0: each succeeded without and was stopped with it. 1: one did not show that difference.

  --json               {"attacks": [{"name", "title", "severity", "difference", "by", "without", "with"}]}, where "without"
                       and "with" are {"between", "steps": [{"who", "does", "answer"}], "record", "harm", "stoppedBy",
                       "faults"}
`;
