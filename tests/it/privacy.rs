//! What everybody may know about the keeping of personal data.

use crate::harness::TestApp;
use crate::harness::process::Service;
use serde_json::json;

#[test]
fn periods_are_told_to_everybody_and_a_contact_where_there_is_one() {
    let app = TestApp::start();
    assert_eq!(
        app.nobody().get("/v1/privacy").expect(200),
        json!({ "position_retention_days": 90, "share_retention_years": 5 })
    );
    let contact = "PPDP Provinsi Contoh, ppdp@contoh.example";
    let mut service = Service::prepare()
        .with("SHERLOK_POSITION_RETENTION_DAYS", "45")
        .with("SHERLOK_SHARE_RETENTION_YEARS", "7")
        .with("SHERLOK_DATA_PROTECTION_CONTACT", contact);
    service.start();
    assert_eq!(
        service.client().get("/v1/privacy").expect(200),
        json!({ "position_retention_days": 45, "share_retention_years": 7, "data_protection_contact": contact })
    );
}
