//! What committing together is worth where a sync costs something: the same service with a millisecond added to each.

use crate::results::{Bar, Row, median};
use crate::throughput::{Scene, Series};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Shares a second on SQLite with slow syncs, committed together and one by one, in turn. The scene's service is left
/// stopped.
pub(crate) fn run(scene: &mut Scene, rounds: usize, round: Duration) -> Vec<Row> {
    let library = preload();
    let mark = library.with_extension("mark");
    let _ = std::fs::remove_file(&mark);
    let preloaded = [
        ("LD_PRELOAD", library.to_str().expect("the path is UTF-8")),
        ("SLOW_FSYNC_MARK", mark.to_str().expect("the path is UTF-8")),
    ];
    let (mut together, mut single) = (Series::default(), Series::default());
    for _ in 0..rounds.max(1) {
        for (series, settings) in [(&mut together, &[][..]), (&mut single, &[("SHERLOK_GROUP", "1")][..])] {
            scene.deployment.stop();
            scene.deployment.start(&[&preloaded[..], settings].concat());
            scene.shares(128, round, series);
        }
    }
    scene.deployment.stop();
    let (rate, single_rate) = (median(&mut together.rate), median(&mut single.rate));
    // One transaction a share and a millisecond a transaction: more would mean that the preload was passed by.
    assert!(
        mark.exists() && single_rate < 1_000.0,
        "the syncs were not slowed: {single_rate} shares a second"
    );
    let ratio = Row::new("sqlite.slow_fsync.ratio_to_single", rate / single_rate, "");
    vec![
        Row::new("sqlite.slow_fsync.rate", rate, "1/s"),
        Row::new("sqlite.slow_fsync.single_rate", single_rate, "1/s"),
        ratio.ratio_to("sqlite.slow_fsync.single_rate").bar(Bar::AtLeast(6.0)),
    ]
}

/// Compiles the preload with the C compiler that SQLite needs anyway; gives its path.
fn preload() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (source, library) = (root.join("bench/slow_fsync.c"), root.join("target/bench/slow_fsync.so"));
    std::fs::create_dir_all(library.parent().unwrap()).unwrap();
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-ldl")
        .status()
        .expect("a C compiler named cc is there");
    assert!(status.success(), "cc could not compile {}", source.display());
    library
}
