//! Lets a build without Node.js succeed: the folder of the built pages is there, if need be empty.

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo speaks to build scripts through the environment"
)]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A folder that can't be written is one that the embedding does without.
    let _ = std::fs::create_dir_all("web/dist");
    // A debug build reads the pages from the folder while it runs; only a release build holds their bytes.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=web/dist");
    }
}
