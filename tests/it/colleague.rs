//! Who else of the unit is away, told to whoever weighs a request for leave or a journey, and to nobody else.

use crate::{leave, travel};
use serde_json::json;
use sherlok::domain::work_mode::WorkMode;

#[test]
fn whoever_weighs_leave_sees_who_else_of_the_unit_is_away() {
    let scene = leave::scene();
    let (app, team) = (&scene.app, &scene.team);
    // On the roster within the days, on the roster before them, and one of another unit.
    app.assign(&team.colleague, "2026-03-10", WorkMode::Sick);
    app.assign(&team.colleague, "2026-03-06", WorkMode::Leave);
    app.assign(&team.head, "2026-03-10", WorkMode::Leave);
    let other = leave::asked(&scene.team.superior, "annual", "2026-03-11", "2026-03-16");
    let id = scene.considered("annual", "2026-03-09", "2026-03-12");
    let path = format!("/v1/leave-requests/{id}/unit");
    for client in [&scene.officer, &scene.head, &team.superior.client] {
        let unit = client.get(&path).expect(200);
        assert_eq!((&unit["unit"], &unit["others"]), (&json!("Unit"), &json!(2)));
        let mut away: Vec<String> = unit["away"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{}..{} {}", row["from"], row["to"], row["is_settled"]))
            .collect();
        away.sort();
        assert_eq!(
            away,
            [
                r#""2026-03-10".."2026-03-10" true"#,
                r#""2026-03-11".."2026-03-12" false"#,
            ]
        );
        // Why somebody else is away is not told.
        let text = unit.to_string();
        assert!(!text.contains("sick") && !text.contains("annual"), "{text}");
    }
    for client in [
        &team.member.client,
        &team.colleague.client,
        &app.official("agency_operator:1.01"),
    ] {
        let status = client.get(&path).status;
        assert!(status == 403 || status == 404, "{status}");
    }
    for client in [&team.other_superior.client, &app.official("agency_head:1.02")] {
        client.get(&path).problem(404, "not_found");
    }
    // Whoever asks does not weigh their own days.
    team.superior
        .client
        .get(&format!("/v1/leave-requests/{other}/unit"))
        .problem(404, "not_found");
}

#[test]
fn a_journey_shows_the_unit_too() {
    let scene = travel::scene();
    scene
        .app
        .assign(&scene.team.colleague, "2026-03-10", WorkMode::DutyTravel);
    let id = travel::asked(&scene.team.member, "36.04", "2026-03-09", "2026-03-11");
    let path = format!("/v1/duty-travels/{id}/unit");
    for client in [&scene.head, &scene.team.superior.client] {
        let unit = client.get(&path).expect(200);
        assert_eq!(unit["others"], 2);
        assert_eq!(unit["away"][0]["from"], "2026-03-10");
        assert_eq!(unit["away"].as_array().unwrap().len(), 1);
    }
    scene.team.other_superior.client.get(&path).problem(404, "not_found");
    scene.team.member.client.get(&path).problem(403, "forbidden");
}
