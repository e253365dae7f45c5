#!/usr/bin/env bash
# Mutation tests of the draw, the statistics, the tree of the log and the canonical form: changes each of their files in
# every way that cargo-mutants knows and looks whether the file's own tests notice. Wants cargo-mutants.
# Usage: mutants.sh [FILE...]; without arguments all files of the list below. SHARD=0/10 takes every tenth change.
# Results: target/mutants/<file>.
set -euo pipefail
cd "$(dirname "$0")/../.."

# File, the rooms that it is built with, and the tests that must notice. A change that only a test elsewhere would notice
# counts as missed.
files=(
    "src/domain/sampling.rs sampling domain::sampling"
    "src/domain/canonical.rs canonical domain::canonical"
    "src/domain/statistics/agreement.rs statistics domain::statistics"
    "src/domain/statistics/bound.rs statistics domain::statistics"
    "src/domain/statistics/logarithm.rs statistics domain::statistics"
    "src/domain/statistics/mod.rs statistics domain::statistics"
    "src/domain/statistics/plan.rs statistics domain::statistics"
    "src/domain/statistics/sequence.rs statistics domain::statistics"
    "src/domain/statistics/stratified.rs statistics domain::statistics"
    "src/domain/statistics/stratum.rs statistics domain::statistics"
    "src/domain/statistics/tail.rs statistics domain::statistics"
    "src/domain/statistics/weighted.rs statistics domain::statistics"
    "src/domain/log/tree.rs digest,log domain::log --skip fuzz_"
    "src/domain/log/inclusion.rs digest,log domain::log --skip fuzz_"
    "src/domain/log/consistency.rs digest,log domain::log --skip fuzz_"
)

# The rooms use nothing of the rest of the crate, so a crate of them alone builds in seconds, once for every change.
results=target/mutants
slice=$results/slice
rm -rf "$slice/src" "$slice/api-spec" "$slice/tests"
mkdir -p "$slice/src/domain" "$slice/tests"
cp -R api-spec "$slice/"
cp -R tests/tools "$slice/tests/"
cp -R src/domain/{canonical.rs,digest.rs,fuzz.rs,log,sampling.rs,sampling_tests.rs,statistics} "$slice/src/domain/"
dependency() { sed -n "/^\[$1\]/,/^\[/p" Cargo.toml | grep -E "^($2) = "; }
{
    printf '[package]\nname = "sherlok"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[lib]\ndoctest = false\n\n'
    printf '[workspace]\n\n[dependencies]\n'
    dependency dependencies 'base64|ed25519-dalek|hex|num-bigint|num-rational|serde|serde_json|sha2|thiserror'
    printf '\n[dev-dependencies]\n'
    dependency dev-dependencies proptest
    printf '\n[profile.dev]\ndebug = false\n\n[profile.dev.package."*"]\nopt-level = 3\n'
} >"$slice/Cargo.toml"
cp Cargo.lock "$slice/"

for pair in "${files[@]}"; do
    read -r file rooms filter <<<"$pair"
    if [ $# -gt 0 ] && [[ " $* " != *" $file "* ]]; then continue; fi
    output=$results/$(basename "$(dirname "$file")")-$(basename "$file" .rs)
    rm -rf "$output"
    mkdir -p "$output"
    {
        echo 'pub mod domain {'
        for room in ${rooms//,/ }; do echo "    pub mod $room;"; done
        if [[ $rooms == *log* ]]; then printf '    #[cfg(test)]\n    mod fuzz;\n'; fi
        echo '}'
    } >"$slice/src/lib.rs"
    echo "== $file, tests $filter"
    # shellcheck disable=SC2086 -- the filter is several words.
    # Missed changes are the result and not a failure of the run: 2 says that there were some, 3 that some took too long.
    code=0
    cargo mutants --dir "$slice" --in-place --file "$file" --output "$output" --timeout 60 \
        --no-shuffle --colors never ${SHARD:+--shard "$SHARD" --sharding round-robin} -- --lib -- $filter || code=$?
    case $code in 0 | 2 | 3) ;; *) exit "$code" ;; esac
done

count() { cat "$results"/*/mutants.out/"$1".txt 2>/dev/null | wc -l; }
caught=$(($(count caught) + $(count timeout)))
missed=$(count missed)
echo "caught $caught of $((caught + missed)) viable changes, $(count timeout) of them by tests that did not end;" \
    "$(count unviable) did not build. Missed:"
cat "$results"/*/mutants.out/missed.txt
