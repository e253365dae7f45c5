//! Settings: what holds where nothing is set, what goes before what, and how a wrong value is named.

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(|name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn nothing_needs_to_be_set() {
    let config = read(&[]).unwrap();
    assert_eq!(config.listen.unwrap().to_string(), "127.0.0.1:8080");
    assert_eq!((config.tls, config.tiles), (None, None));
    assert_eq!(config.database_url.0, "sqlite:sherlok-data/sherlok.db");
    assert_eq!(config.home_changes_per_quarter, 2);
    assert_eq!((config.position_retention_days, config.share_retention_years), (90, 5));
    assert_eq!((config.browser_idle_minutes, config.browser_hours), (30, 12));
}

#[test]
fn variables_go_before_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        "listen = \"0.0.0.0:80\"\nconnections = 3\nhome_changes_per_quarter = 5\ntemplates = \"paper\"\n",
    )
    .unwrap();
    let path = file.path().to_str().unwrap();
    let config = read(&[("SHERLOK_SETTINGS", path), ("SHERLOK_LISTEN", "127.0.0.1:9")]).unwrap();
    assert_eq!((config.listen.unwrap().port(), config.connections), (9, 3));
    assert_eq!(config.home_changes_per_quarter, 5);
    assert_eq!(config.templates.as_deref(), Some(Path::new("paper")));
}

#[test]
fn a_wrong_value_is_named_and_a_misspelt_key_is_refused() {
    assert!(matches!(
        read(&[("SHERLOK_LISTEN", "nowhere")]),
        Err(ConfigError::Value("SHERLOK_LISTEN", _))
    ));
    assert!(matches!(
        read(&[("SHERLOK_CONNECTIONS", "0")]),
        Err(ConfigError::Value("SHERLOK_CONNECTIONS", _))
    ));
    for count in ["0", "101", "-1", "two"] {
        assert!(matches!(
            read(&[("SHERLOK_HOME_CHANGES_PER_QUARTER", count)]),
            Err(ConfigError::Value("SHERLOK_HOME_CHANGES_PER_QUARTER", _))
        ));
    }
    for days in ["0", "3651", "-1", "ninety"] {
        assert!(matches!(
            read(&[("SHERLOK_POSITION_RETENTION_DAYS", days)]),
            Err(ConfigError::Value("SHERLOK_POSITION_RETENTION_DAYS", _))
        ));
    }
    for (name, value) in [
        ("SHERLOK_BROWSER_IDLE_MINUTES", "0"),
        ("SHERLOK_BROWSER_IDLE_MINUTES", "1441"),
        ("SHERLOK_BROWSER_HOURS", "169"),
    ] {
        assert!(matches!(read(&[(name, value)]), Err(ConfigError::Value(named, _)) if named == name));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "lisen = \"x\"").unwrap();
    assert!(matches!(
        read(&[("SHERLOK_SETTINGS", file.path().to_str().unwrap())]),
        Err(ConfigError::Malformed(..))
    ));
}

#[test]
fn https_needs_both_files_and_may_stand_alone() {
    let files = [("SHERLOK_TLS_CERTIFICATE", "a"), ("SHERLOK_TLS_KEY", "b")];
    let config = read(&files).unwrap();
    assert_eq!(config.tls.unwrap().listen.to_string(), "127.0.0.1:8443");
    assert!(config.listen.is_some());
    let alone = read(&[
        files[0],
        files[1],
        ("SHERLOK_LISTEN", "off"),
        ("SHERLOK_TLS_LISTEN", "0.0.0.0:443"),
    ])
    .unwrap();
    assert_eq!((alone.listen, alone.tls.unwrap().listen.port()), (None, 443));
    for (pairs, name) in [
        (&files[..1], "SHERLOK_TLS_KEY"),
        (&files[1..], "SHERLOK_TLS_CERTIFICATE"),
        (&[("SHERLOK_TLS_LISTEN", "0.0.0.0:443")][..], "SHERLOK_TLS_CERTIFICATE"),
        (&[("SHERLOK_LISTEN", "off")][..], "SHERLOK_LISTEN"),
    ] {
        assert!(
            matches!(read(pairs), Err(ConfigError::Value(named, _)) if named == name),
            "{name}"
        );
    }
}

#[test]
fn what_a_government_makes_its_own_is_checked_by_name() {
    let long = "a".repeat(101);
    for (name, value) in [
        ("SHERLOK_ACTION_COLOUR", "teal"),
        ("SHERLOK_ACTION_COLOUR_DARK", "#fff"),
        ("SHERLOK_MAP_TILES", "http://tiles.example/{z}/{x}/{y}.png"),
        ("SHERLOK_GOVERNMENT_NAME", long.as_str()),
        ("SHERLOK_DATA_PROTECTION_CONTACT", "a\nb"),
    ] {
        assert!(
            matches!(read(&[(name, value)]), Err(ConfigError::Value(named, _)) if named == name),
            "{name}"
        );
    }
}

#[test]
fn a_release_build_refuses_to_be_sabotaged() {
    let wanted = || Some("early_answer".to_owned());
    assert_eq!(sabotage(wanted(), true).unwrap(), wanted());
    assert_eq!(sabotage(None, false).unwrap(), None);
    assert!(matches!(
        sabotage(wanted(), false),
        Err(ConfigError::Value("SHERLOK_SABOTAGE", _))
    ));
}

#[test]
fn the_place_of_the_database_is_not_taken_from_elsewhere() {
    for name in ["PGHOST", "PGHOSTADDR", "PGSERVICE"] {
        let refusal = read(&[("SHERLOK_DATABASE_URL", "postgres:///sherlok"), (name, "db")]).unwrap_err();
        assert!(matches!(refusal, ConfigError::Value(named, _) if named == name));
    }
}

#[test]
fn debug_hides_the_database_url() {
    let config = read(&[("SHERLOK_DATABASE_URL", "postgres://a:secret@b/c")]).unwrap();
    assert!(!format!("{config:?}").contains("secret"));
}
