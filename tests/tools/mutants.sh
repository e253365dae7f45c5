#!/usr/bin/env bash
# Mutation tests of the draw, the statistics, the tree of the log and the canonical form: changes each of their files in
# every way that cargo-mutants knows and looks whether the file's own tests notice. Wants cargo-mutants and cargo-nextest.
# Usage: mutants.sh [FILE...]; without arguments all files of the list below. SHARD=0/10 takes every tenth change.
# Results: target/mutants/<file>; the table at the end holds all that were run.
set -euo pipefail
cd "$(dirname "$0")/../.."

# File, the rooms that it is built with, and the tests that must notice. A change that only a test elsewhere would notice
# counts as missed.
files=(
    "src/domain/sampling.rs sampling test(/^domain::sampling::/)"
    "src/domain/canonical.rs canonical test(/^domain::canonical::/)"
    "src/domain/statistics/agreement.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/bound.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/logarithm.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/mod.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/plan.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/sequence.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/stratified.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/stratum.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/tail.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/statistics/weighted.rs sampling,statistics test(/^domain::statistics::/)"
    "src/domain/log/tree.rs digest,log test(/^domain::log::/) - test(fuzz_)"
    "src/domain/log/inclusion.rs digest,log test(/^domain::log::/) - test(fuzz_)"
    "src/domain/log/consistency.rs digest,log test(/^domain::log::/) - test(fuzz_)"
)

# The rooms use nothing of the rest of the crate, so a crate of them alone builds in seconds, once for every change.
results=target/mutants
seconds=10
kilobytes=4000000
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
    printf '\n[profile.dev]\ndebug = false\nopt-level = 1\ndebug-assertions = true\noverflow-checks = true\n'
    printf '\n[profile.dev.package."*"]\nopt-level = 3\n'
} >"$slice/Cargo.toml"
cp Cargo.lock "$slice/"

# A test that does not end is stopped by what it takes and not by the clock, so that a busy machine catches nothing: no
# sound test takes a fifth of it. The first test that fails ends all others.
mkdir -p "$slice/.cargo" "$slice/.config"
printf "[target.'cfg(all())']\nrunner = ['bash', '-c', 'ulimit -S -t %s -v %s; exec \"\$0\" \"\$@\"']\n" \
    "$seconds" "$kilobytes" >"$slice/.cargo/config.toml"
# The same random cases for every change, and nothing remembered from one change to the next.
export PROPTEST_RNG_SEED=6 PROPTEST_MAX_SHRINK_ITERS=0 PROPTEST_DISABLE_FAILURE_PERSISTENCE=1

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
    # The tests beside the changed code are the likeliest to notice, so they go first.
    own=${file#src/} own=${own%/mod.rs} own=${own%.rs}
    {
        printf '[profile.default]\ntest-threads = 4\nfail-fast = { max-fail = 1, terminate = "immediate" }\n'
        printf "[[profile.default.overrides]]\nfilter = 'test(/^%s::/)'\npriority = 100\n" "${own//\//::}"
        printf "[[profile.default.overrides]]\nfilter = 'test(/::(vector|coverage)_tests::/)'\npriority = -100\n"
    } >"$slice/.config/nextest.toml"
    echo "== $file, tests $filter"
    # Missed changes are the result and not a failure of the run: 2 says that there were some, 3 that some took too long.
    code=0
    cargo mutants --dir "$slice" --in-place --file "$file" --output "$output" --timeout 3600 \
        --no-shuffle --colors never --test-tool nextest ${SHARD:+--shard "$SHARD" --sharding round-robin} -- \
        --lib -E "$filter" || code=$?
    case $code in 0 | 2 | 3) ;; *) exit "$code" ;; esac
done

# Caught by a test that took all its time or memory: such a change is looked at by eye, whether it really loops.
endless() { { grep -lE 'SIGXCPU|ABORT SIG 24|memory allocation of' "$1"/log/* || true; } 2>/dev/null | wc -l; }
count() { wc -l <"$1/$2.txt" 2>/dev/null || echo 0; }
rate() { [ "$2" -eq 0 ] && echo - || echo "$1 $2" | awk '{ printf "%.1f %%", 100 * $1 / $2 }'; }
row='| %s | %s | %s | %s | %s | %s | %s |\n'
# shellcheck disable=SC2059 -- the format of every row.
table() {
    printf "$row" file changes viable caught missed 'of the caught, never ended' rate
    printf "$row" --- --- --- --- --- --- ---
    changes_in_all=0 viable_in_all=0 caught_in_all=0 missed_in_all=0 endless_in_all=0
    for pair in "${files[@]}"; do
        file=${pair%% *}
        out=$results/$(basename "$(dirname "$file")")-$(basename "$file" .rs)/mutants.out
        [ -e "$out/caught.txt" ] || continue
        never_ended=$(($(endless "$out") + $(count "$out" timeout)))
        caught=$(($(count "$out" caught) + $(count "$out" timeout)))
        missed=$(count "$out" missed)
        viable=$((caught + missed))
        changes=$((viable + $(count "$out" unviable)))
        printf "$row" "\`${file#src/domain/}\`" $changes $viable $caught "$missed" $never_ended "$(rate $caught $viable)"
        changes_in_all=$((changes_in_all + changes)) viable_in_all=$((viable_in_all + viable))
        caught_in_all=$((caught_in_all + caught)) missed_in_all=$((missed_in_all + missed))
        endless_in_all=$((endless_in_all + never_ended))
    done
    printf "$row" all $changes_in_all $viable_in_all $caught_in_all $missed_in_all $endless_in_all \
        "$(rate $caught_in_all $viable_in_all)"
}
table
echo "Missed:"
cat "$results"/*/mutants.out/missed.txt
