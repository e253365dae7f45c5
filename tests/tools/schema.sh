#!/usr/bin/env bash
# Runs schemathesis against the real binary serving the demo, signed in as one person of every role.
# SCHEMA_EXAMPLES sets how many requests an operation gets in the fuzzing phase (default 3).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec target/test-tools/venv/bin/python tests/tools/schema.py "${SHERLOK:-target/debug/sherlok}"
