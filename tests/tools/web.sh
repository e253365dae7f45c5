#!/usr/bin/env bash
# Proves the pages: units, budgets, then Chromium against the real binary serving the demo. Closing lines begin with "web".
set -euo pipefail
cd "$(dirname "$0")/../../web"
export NO_COLOR=1 FORCE_COLOR=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

npx vitest run 2>&1 | tee "$log"
units=$(sed -nE 's/^ *Tests +(.*)/\1/p' "$log")
npm run --silent budget
npx playwright test 2>&1 | tee "$log"
browser=$(sed -nE 's/^ +([0-9]+ (passed|failed|flaky|skipped).*)/\1/p' "$log" | paste -sd ' ')
echo "web units: $units"
echo "web browser: $browser"
