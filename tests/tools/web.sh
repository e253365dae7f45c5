#!/usr/bin/env bash
# Proves the pages: units, budget, then Chromium against the real binary serving the demo. Closing lines begin with "web".
set -uo pipefail
cd "$(dirname "$0")/../../web"
export NO_COLOR=1 FORCE_COLOR=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
outcome=0

npx vitest run 2>&1 | tee "$log" || outcome=1
units=$(sed -nE 's/^ *Tests +(.*)/\1/p' "$log")
npm run --silent budget || outcome=1
npx playwright test 2>&1 | tee "$log" || outcome=1
browser=$(sed -nE 's/^ +([0-9]+ (passed|failed|flaky|skipped|did not run).*)/\1/p' "$log" | paste -sd ' ')

echo "web units: ${units:-did not run}"
echo "web browser: ${browser:-did not run}"
exit "$outcome"
