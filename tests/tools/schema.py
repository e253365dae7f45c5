"""Runs schemathesis against a live `sherlok demo`, once for every role and once without signing in.

Every check but positive_data_acceptance is on: a 5xx, an undocumented status, body, header or media type, a
credential that is not asked for, or a bad value that is taken fails the run. The last line of each role begins with
`schema:`; the exit code is 1 if any role failed.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

SCHEMATHESIS = os.path.join(os.path.dirname(sys.executable), "schemathesis")
# Signing out would end the session that the rest of the role's run needs; the run without a session covers it.
ENDS_THE_SESSION = "^/v1/sessions(/current)?$"
# Whoever may follow an agency's day gets an answer that has no end.
NEVER_ENDS = "/day/events$"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def sign_in(base_url: str, username: str, password: str) -> str:
    body = json.dumps({"username": username, "password": password, "device_id": "schemathesis"}).encode()
    request = urllib.request.Request(
        f"{base_url}/v1/sessions", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["access_token"]


def run(base_url: str, role: str, who: dict[str, str] | None) -> bool:
    # Signed in only now: an access token is good for ten minutes.
    token = sign_in(base_url, who["username"], who["password"]) if who else None
    command = [
        SCHEMATHESIS, "--config-file", "tests/tools/schemathesis.toml", "run", f"{base_url}/docs/openapi.json", "--url", base_url,
        "--checks", "all", "--exclude-checks", "positive_data_acceptance",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", os.environ.get("SCHEMA_EXAMPLES", "3"),
        "--continue-on-failure", "--no-color", "--seed", "36",
        "--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off",
    ]
    if token:
        left_out = f"{ENDS_THE_SESSION}|{NEVER_ENDS}"
        command += ["--header", f"Authorization: Bearer {token}", "--exclude-path-regex", left_out]
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        output.seek(0)
        text = output.read()
    found = re.search(r"(\d+) generated", text)
    cases = found.group(1) if found else "?"
    verdict = "no 5xx and no undocumented answer" if code == 0 else f"FAILED ({code})"
    if code != 0:
        print(text)
    print(f"schema: {role}: {cases} requests in {time.monotonic() - started:.0f} s, {verdict}", flush=True)
    return code == 0


def main() -> int:
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="sherlok-schema-") as directory:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SHERLOK_")},
            "SHERLOK_DATA_DIR": directory,
            "SHERLOK_LISTEN": f"127.0.0.1:{free_port()}",
            # So that the limit per credential, which has its own tests, does not stand before everything else.
            "SHERLOK_CALLS_PER_SECOND": "100000",
        }
        server = subprocess.Popen(
            [binary, "demo", "--json"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            demo = json.loads(server.stdout.readline())
            base_url = demo["base_url"]
            by_role: dict[str, dict[str, str]] = {}
            for sign_in_of in demo["sign_ins"]:
                by_role.setdefault(sign_in_of["role"], sign_in_of)
            # Two at a time, each in a process of its own: threads of one Python make hypothesis fail now and then.
            with ThreadPoolExecutor(max_workers=2) as pool:
                runs = [pool.submit(run, base_url, "nobody", None)]
                runs += [pool.submit(run, base_url, role, who) for role, who in sorted(by_role.items())]
                outcomes = [done.result() for done in runs]
            if server.poll() is not None:
                print(f"schema: the server ended with {server.returncode}")
                return 1
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
    failed = outcomes.count(False)
    print(f"schema: {len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
