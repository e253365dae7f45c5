//! The generated files are as the code generates them, and the migrations go both ways alike on both databases.

use crate::harness::TestApp;

#[test]
fn the_generated_files_are_as_committed() {
    for (name, text) in sherlok::cli::spec::files() {
        let path = format!("{}/api-spec/{name}", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{name} is not as generated; run `make spec`");
    }
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let app = TestApp::start();
    let mut connection = app.app().store().connect().unwrap();
    sherlok::store::migration::revert_all(&mut connection).unwrap();
    assert!(sherlok::store::migration::pending(&mut connection).unwrap() > 0);
    sherlok::store::migration::run(&mut connection).unwrap();
    assert_eq!(sherlok::store::migration::pending(&mut connection).unwrap(), 0);
}
