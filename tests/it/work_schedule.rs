//! Schedules through their routes: six days and shifts, whose schedule holds, and everything that follows from it.

use crate::audit;
use crate::batch;
use crate::circular;
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::homes::HOME;
use crate::harness::people::Person;
use crate::harness::shares::{claim, share};
use crate::leave;
use serde_json::{Value, json};
use uuid::Uuid;

/// A unit of an agency whose administration works at home, and someone beside it.
struct Scene {
    app: TestApp,
    operator: Client,
    bkd: Client,
    inside: Person,
    beside: Person,
    unit: Uuid,
}

fn scene() -> Scene {
    let app = TestApp::start();
    let (inside, beside) = (app.employee("1.01"), app.employee("1.01"));
    for person in [&inside, &beside] {
        app.verified_home(person, HOME, "2026-01-05");
    }
    let unit = app.unit("1.01", &beside, None);
    app.join(&inside, unit);
    let bkd = app.official("bkd_officer");
    circular::issued(&bkd, &circular::text("4 Tahun 2026", &json!({})));
    Scene {
        operator: app.official("agency_operator:1.01"),
        bkd,
        inside,
        beside,
        unit,
        app,
    }
}

impl Scene {
    /// Moves the clock; everybody signs in again.
    fn set_clock(&mut self, to: &str) {
        self.app.set_clock(to);
        for client in [
            &mut self.operator,
            &mut self.bkd,
            &mut self.inside.client,
            &mut self.beside.client,
        ] {
            client.renew();
        }
    }

    fn made(&self, name: &str, schedule: &Value) -> Value {
        let made = create(&self.operator, name, schedule).expect(201);
        made["id"].clone()
    }

    fn unit_code(&self, unit: Uuid) -> String {
        let page = self.operator.get("/v1/agencies/1.01/units").expect(200);
        let units = page["items"].as_array().unwrap().clone();
        let of = |row: &&Value| row["id"] == json!(unit);
        units.iter().find(of).unwrap_or(&units[0])["code"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn start_unit(&self, from: &str, schedule: &Value) {
        let body = json!({"from": from, "schedule_id": schedule, "unit_code": self.unit_code(self.unit)});
        start(&self.operator, &body).expect(200);
    }

    fn start_person(&self, person: &Person, from: &str, schedule: &Value) {
        let body = json!({"from": from, "schedule_id": schedule, "employee_ids": [person.id.uuid()]});
        start(&self.operator, &body).expect(200);
    }
}

fn create(client: &Client, name: &str, schedule: &Value) -> Answer {
    client.post(
        "/v1/agencies/1.01/schedules",
        &json!({"name": name, "schedule": schedule}),
    )
}

fn start(client: &Client, body: &Value) -> Answer {
    client.post("/v1/agencies/1.01/schedule-starts", body)
}

fn six_days() -> Value {
    json!({"kind": "week", "hours": [
        {"days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], "starts_minute": 450, "ends_minute": 840}
    ]})
}

/// Nights on 3 and 4 March, free on 5 and 6, and so on.
fn nights() -> Value {
    json!({"kind": "shifts", "shifts": [
        {"code": "pagi", "name": "Pagi", "starts_minute": 420, "ends_minute": 840},
        {"code": "malam", "name": "Malam", "starts_minute": 1260, "ends_minute": 1860},
    ], "pattern": {"first_day": "2026-03-03", "days": ["malam", "malam", null, null]}})
}

fn day(person: &Person, date: &str) -> Value {
    person.client.get(&format!("/v1/me/day?date={date}")).expect(200)
}

fn mode(person: &Person, date: &str) -> Value {
    day(person, date)["mode"].clone()
}

fn opens(day: &Value) -> Vec<&str> {
    let slots = day["slots"].as_array().unwrap();
    slots.iter().map(|slot| slot["opens_at"].as_str().unwrap()).collect()
}

#[test]
fn a_six_day_unit_shares_on_saturday_and_everything_counts_it() {
    let mut scene = scene();
    let schedule = scene.made("Enam hari", &six_days());
    scene.start_unit("2026-03-03", &schedule);
    scene.set_clock("2026-03-07T08:00:00+07:00");
    let saturday = day(&scene.inside, "2026-03-07");
    assert_eq!(
        (&saturday["mode"], &saturday["reason"]["kind"]),
        (&json!("wfh"), &json!("circular"))
    );
    assert_eq!(saturday["work_hours"]["starts_at"], "2026-03-07T07:30:00+07:00");
    assert_eq!(mode(&scene.beside, "2026-03-07"), "off");
    let view = share(&scene.inside.client, &claim("2026-03-07T08:00:00+07:00", 10.0, 12.5, 1)).expect(201);
    assert_eq!(
        (&view["work_date"], &view["slot"], &view["counted"], &view["flags"]),
        (&json!("2026-03-07"), &json!("morning"), &json!(true), &json!([]))
    );
    // The agency's day tells the two apart.
    let board = scene.operator.get("/v1/agencies/1.01/day?date=2026-03-07").expect(200);
    assert_eq!(board["modes"], json!({"wfh": 1, "off": 1}));
    assert_eq!(board["slots"][0]["expected"], 1);
    assert_eq!(board["slots"][0]["received"], 1);
    let people = |state: &str| {
        let address = format!("/v1/agencies/1.01/day/people?date=2026-03-07&slot=midday&state={state}");
        scene.operator.get(&address).expect(200)["items"].clone()
    };
    assert_eq!(people("awaited")[0]["employee_id"], json!(scene.inside.id.uuid()));
    assert_eq!(people("not_required")[0]["employee_id"], json!(scene.beside.id.uuid()));
    // Sunday is free for both.
    assert_eq!(day(&scene.inside, "2026-03-08")["reason"]["kind"], "weekend");
    scene.app.counters_agree("1.01", "2026-03-07");
}

#[test]
fn a_night_shift_belongs_to_the_date_on_which_it_begins() {
    let mut scene = scene();
    let schedule = scene.made("Malam", &nights());
    scene.start_person(&scene.inside, "2026-03-03", &schedule);
    let night = day(&scene.inside, "2026-03-03");
    assert_eq!(night["work_hours"]["shift"], "Malam");
    assert_eq!(night["work_hours"]["ends_at"], "2026-03-04T07:00:00+07:00");
    assert_eq!(
        opens(&night),
        [
            "2026-03-03T21:00:00+07:00",
            "2026-03-04T01:00:00+07:00",
            "2026-03-04T06:30:00+07:00"
        ]
    );
    // Yesterday's night is still running; nobody else's morning is open yet.
    scene.set_clock("2026-03-05T07:31:00+07:00");
    let view = share(&scene.inside.client, &claim("2026-03-05T07:31:00+07:00", 10.0, 12.5, 1)).expect(201);
    assert_eq!(
        (&view["work_date"], &view["slot"], &view["time"], &view["counted"]),
        (
            &json!("2026-03-04"),
            &json!("afternoon"),
            &json!("on_time"),
            &json!(true)
        )
    );
    let free = day(&scene.inside, "2026-03-05");
    assert_eq!(
        (&free["mode"], &free["reason"]["kind"]),
        (&json!("off"), &json!("own_schedule"))
    );
    assert_eq!(
        free["reason"]["message"],
        "Hari ini Anda libur menurut jadwal kerja Anda."
    );
    assert_eq!(free["slots"], json!([]));
    // On the agency's day the slot runs as long as it does for anyone.
    let board = scene.operator.get("/v1/agencies/1.01/day?date=2026-03-04").expect(200);
    let afternoon = &board["slots"][2];
    assert_eq!(
        (&afternoon["time"], &afternoon["closes_at"]),
        (&json!("running"), &json!("2026-03-05T08:00:00+07:00"))
    );
    assert_eq!((&afternoon["received"], &afternoon["missed"]), (&json!(1), &json!(1)));
}

#[test]
fn batches_samples_recaps_and_feeds_follow_the_shift() {
    let mut scene = scene();
    let schedule = scene.made("Malam", &nights());
    scene.start_person(&scene.inside, "2026-03-03", &schedule);
    let made = scene.inside.client.post("/v1/me/calendar-feed", &json!({})).expect(201);
    let feed = scene.app.nobody().get(made["path"].as_str().unwrap()).text();
    assert!(feed.contains("DTSTART:20260303T140000Z"), "{feed}");
    scene.set_clock("2026-03-05T07:00:00+07:00");
    share(&scene.inside.client, &claim("2026-03-05T07:00:00+07:00", 10.0, 12.5, 1)).expect(201);
    scene.set_clock("2026-03-06T18:00:00+07:00");
    // Wednesday: three slots of the night, three of the day. Friday: only the day's.
    for (date, rows, received) in [("2026-03-04", 6, 1), ("2026-03-06", 3, 0)] {
        let batch = scene
            .operator
            .post("/v1/agencies/1.01/batches", &json!({"from": date, "to": date}))
            .expect(201);
        assert_eq!(
            (&batch["counts"]["rows"], &batch["counts"]["received"]),
            (&json!(rows), &json!(received)),
            "{date}"
        );
        assert_eq!(
            batch::path(&batch),
            format!("/v1/batches/{}", batch["id"].as_str().unwrap())
        );
    }
    let mut plan = audit::plan_body(&["1.01"], 2);
    plan["from"] = json!("2026-03-04");
    plan["to"] = json!("2026-03-06");
    let planned = scene.bkd.post("/v1/audits", &plan).expect(201);
    // The night of the 4th and three days of the other.
    assert_eq!(planned["population"], 3 + 9);
    let recap = scene.operator.get("/v1/agencies/1.01/recaps/2026-03").expect(200);
    let line = |person: &Person| {
        let of = |line: &&Value| line["employee_id"] == json!(person.id.uuid());
        recap["items"].as_array().unwrap().iter().find(of).unwrap().clone()
    };
    let sign = |line: &Value, date: &str| {
        let days = line["days"].as_array().unwrap();
        days.iter().find(|day| day["date"] == date).unwrap()["sign"].clone()
    };
    let night = line(&scene.inside);
    assert_eq!(
        (sign(&night, "2026-03-03"), sign(&night, "2026-03-04")),
        (json!("TK"), json!("R*"))
    );
    assert_eq!(
        (sign(&night, "2026-03-05"), sign(&night, "2026-03-06")),
        (json!("-"), json!("-"))
    );
    assert_eq!(sign(&line(&scene.beside), "2026-03-06"), "TK");
}

#[test]
fn late_and_early_are_told_by_the_own_hours() {
    let mut scene = scene();
    circular::issued(
        &scene.bkd,
        &circular::text(
            "5 Tahun 2026",
            &json!({"title": "Jam masuk dan pulang", "rules": [{"kind": "checkin", "clock_counts": true, "slots": [
                {"slot": "morning", "window": {"opens_minute": 450, "closes_minute": 540}, "grace_minutes": 10},
                {"slot": "afternoon", "window": {"opens_minute": 930, "closes_minute": 1020}, "grace_minutes": 10},
            ]}]}),
        ),
    );
    let schedule = scene.made("Malam", &nights());
    scene.start_person(&scene.inside, "2026-03-03", &schedule);
    scene.set_clock("2026-03-03T21:40:00+07:00");
    share(&scene.inside.client, &claim("2026-03-03T21:40:00+07:00", 10.0, 12.5, 1)).expect(201);
    scene.set_clock("2026-03-04T06:40:00+07:00");
    share(&scene.inside.client, &claim("2026-03-04T06:40:00+07:00", 10.0, 12.5, 2)).expect(201);
    scene.set_clock("2026-03-04T18:00:00+07:00");
    let recap = scene.operator.get("/v1/agencies/1.01/recaps/2026-03").expect(200);
    let of = |line: &&Value| line["employee_id"] == json!(scene.inside.id.uuid());
    let line = recap["items"].as_array().unwrap().iter().find(of).unwrap().clone();
    let days = line["days"].as_array().unwrap();
    let night = days.iter().find(|day| day["date"] == "2026-03-03").unwrap();
    assert_eq!(
        (&night["late"]["minutes"], &night["early"]["minutes"]),
        (&json!(40), &json!(20))
    );
}

#[test]
fn a_shift_is_assigned_a_day_at_a_time_and_must_be_one_of_the_schedule() {
    let scene = scene();
    let mut by_day = nights();
    by_day.as_object_mut().unwrap().remove("pattern");
    let schedule = scene.made("Harian", &by_day);
    scene.start_person(&scene.inside, "2026-03-03", &schedule);
    assert_eq!(mode(&scene.inside, "2026-03-04"), "off");
    let set = |person: &Person, mode: &str, shift: &str| {
        let item = json!({"employee_id": person.id.uuid(), "date": "2026-03-04", "mode": mode, "shift": shift,
            "reason": "Jadwal jaga"});
        scene
            .operator
            .post("/v1/rosters", &json!({"agency": "1.01", "items": [item]}))
    };
    set(&scene.inside, "wfh", "malam").expect(200);
    let night = day(&scene.inside, "2026-03-04");
    assert_eq!(
        (&night["mode"], &night["work_hours"]["shift"]),
        (&json!("wfh"), &json!("Malam"))
    );
    assert_eq!(opens(&night)[0], "2026-03-04T21:00:00+07:00");
    set(&scene.inside, "wfh", "subuh").problem(422, "invalid_fields");
    set(&scene.beside, "wfh", "malam").problem(422, "invalid_fields");
    set(&scene.inside, "sick", "malam").problem(422, "invalid_fields");
    let listed = scene
        .operator
        .get("/v1/rosters?agency=1.01&from=2026-03-04&to=2026-03-04")
        .expect(200);
    assert_eq!(listed["items"][0]["shift"], "malam");
}

#[test]
fn the_nearest_unit_decides_and_a_persons_own_goes_before_it() {
    let scene = scene();
    let below = scene.app.unit("1.01", &scene.beside, Some(scene.unit));
    scene.app.join(&scene.inside, below);
    let (six, night) = (scene.made("Enam hari", &six_days()), scene.made("Malam", &nights()));
    scene.start_unit("2026-03-03", &six);
    assert_eq!(mode(&scene.inside, "2026-03-07"), "wfh");
    scene.start_person(&scene.inside, "2026-03-06", &night);
    // 3 March begins the pattern: the 7th is its fifth day, a night again.
    assert_eq!(day(&scene.inside, "2026-03-07")["work_hours"]["shift"], "Malam");
    assert_eq!(mode(&scene.inside, "2026-03-06"), "off");
    // From the 14th on the unit's schedule holds again.
    scene.start_person(&scene.inside, "2026-03-14", &Value::Null);
    assert_eq!(mode(&scene.inside, "2026-03-14"), "wfh");
    assert!(day(&scene.inside, "2026-03-14")["work_hours"]["shift"].is_null());
    // The whole agency, where no unit is named.
    start(&scene.operator, &json!({"from": "2026-03-20", "schedule_id": six})).expect(200);
    assert_eq!(mode(&scene.beside, "2026-03-14"), "off");
    assert_eq!(mode(&scene.beside, "2026-03-28"), "wfh");
    let starts = scene.operator.get("/v1/agencies/1.01/schedule-starts").expect(200);
    assert_eq!(starts["items"].as_array().unwrap().len(), 2);
    let people = scene
        .operator
        .get("/v1/agencies/1.01/schedule-starts/people")
        .expect(200);
    assert_eq!(
        people["items"][0]["starts"][0],
        json!({"from": "2026-03-06", "schedule_id": night})
    );
    assert_eq!(people["items"][0]["starts"][1], json!({"from": "2026-03-14"}));
}

#[test]
fn nothing_that_has_begun_is_changed() {
    let mut scene = scene();
    let (six, night) = (scene.made("Enam hari", &six_days()), scene.made("Malam", &nights()));
    let today = json!({"from": "2026-03-02", "schedule_id": six});
    let problem = start(&scene.operator, &today).problem(422, "invalid_fields");
    assert_eq!(problem["fields"][0]["field"], "from");
    scene.start_unit("2026-03-03", &six);
    scene.set_clock("2026-03-09T08:00:00+07:00");
    let saturday = day(&scene.inside, "2026-03-07");
    scene.start_unit("2026-03-10", &night);
    assert_eq!(day(&scene.inside, "2026-03-07"), saturday);
    // What has not begun may still be put right.
    scene.start_unit("2026-03-10", &six);
    assert_eq!(mode(&scene.inside, "2026-03-14"), "wfh");
}

#[test]
fn hours_of_a_circular_go_before_those_that_it_does_not_leave_alone() {
    let scene = scene();
    let (six, night) = (scene.made("Enam hari", &six_days()), scene.made("Malam", &nights()));
    scene.start_unit("2026-03-03", &six);
    scene.start_person(&scene.beside, "2026-03-03", &night);
    let ramadan = |number: &str, rest: Value| {
        let mut rule = json!({"kind": "schedule", "ramadan": true, "hours": [
            {"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "starts_minute": 390, "ends_minute": 840}]});
        rule.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        circular::text(number, &json!({"rules": [rule], "title": "Jam kerja Ramadan"}))
    };
    assert_eq!(mode(&scene.inside, "2026-03-07"), "wfh");
    circular::issued(&scene.bkd, &ramadan("6 Tahun 2026", json!({})));
    assert_eq!(mode(&scene.inside, "2026-03-07"), "off");
    assert_eq!(day(&scene.beside, "2026-03-07")["work_hours"]["shift"], "Malam");
    let mut lenient = ramadan("7 Tahun 2026", json!({"keeps_own": ["six_day", "shift"]}));
    lenient["signed_on"] = json!("2026-03-02");
    circular::issued(&scene.bkd, &lenient);
    assert_eq!(mode(&scene.inside, "2026-03-07"), "wfh");
}

#[test]
fn leave_counts_the_days_on_which_the_person_would_work() {
    let scene = leave::scene();
    let operator = scene.app.official("agency_operator:1.01");
    let six = create(&operator, "Enam hari", &six_days()).expect(201)["id"].clone();
    let member = &scene.team.member;
    let body = json!({"from": "2026-03-03", "schedule_id": six, "employee_ids": [member.id.uuid()]});
    start(&operator, &body).expect(200);
    // Friday to Monday: Saturday is worked, Sunday is not.
    let view = member
        .client
        .post(
            "/v1/leave-requests",
            &leave::request("annual", "2026-03-06", "2026-03-09"),
        )
        .expect(201);
    assert_eq!((&view["days"], &view["work_days"]), (&json!(3), &json!(3)));
}

#[test]
fn a_roster_plans_nobody_on_a_day_that_their_schedule_leaves_free() {
    let scene = scene();
    let schedule = scene.made("Malam", &nights());
    scene.start_person(&scene.inside, "2026-03-03", &schedule);
    let roster = scene
        .operator
        .post(
            "/v1/agencies/1.01/rosters",
            &json!({"from": "2026-03-03", "to": "2026-03-08"}),
        )
        .expect(201);
    let planned = |date: &str| {
        let address = format!("/v1/rosters/{}/entries?date={date}", roster["id"].as_str().unwrap());
        let items = scene.operator.get(&address).expect(200)["items"].clone();
        let ids = items.as_array().unwrap().iter().map(|item| item["employee_id"].clone());
        ids.collect::<Vec<_>>()
    };
    let (inside, beside) = (json!(scene.inside.id.uuid()), json!(scene.beside.id.uuid()));
    assert_eq!(planned("2026-03-04").len(), 2);
    assert_eq!(planned("2026-03-05"), [beside]);
    // Saturday is the night's fifth day, and nobody else's work day.
    assert_eq!(planned("2026-03-07"), [inside]);
}

#[test]
fn what_is_wrong_is_named_and_strangers_are_kept_out() {
    let scene = scene();
    let mut wrong = nights();
    wrong["pattern"]["days"] = json!(["malam", "subuh"]);
    let problem = create(&scene.operator, "Salah", &wrong).problem(422, "invalid_fields");
    assert_eq!(problem["fields"][0]["field"], "schedule.pattern.days[1]");
    wrong["jam"] = json!(1);
    create(&scene.operator, "Salah", &wrong).problem(422, "invalid_fields");
    create(&scene.operator, " ", &nights()).problem(422, "invalid_fields");
    let schedule = scene.made("Malam", &nights());
    create(&scene.operator, "Malam", &nights()).problem(409, "already_exists");
    let foreign = scene.app.official("agency_operator:1.02");
    create(&foreign, "Malam", &nights()).problem(404, "not_found");
    start(&foreign, &json!({"from": "2026-03-03"})).problem(404, "not_found");
    create(&scene.inside.client, "Malam", &nights()).problem(403, "forbidden");
    let with = |change: Value| {
        let mut body = json!({"from": "2026-03-03", "schedule_id": schedule});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        start(&scene.operator, &body).problem(422, "invalid_fields")["fields"][0]["field"].clone()
    };
    assert_eq!(with(json!({"schedule_id": Uuid::now_v7()})), "schedule_id");
    assert_eq!(with(json!({"unit_code": "TIDAK-ADA"})), "unit_code");
    assert_eq!(with(json!({"employee_ids": [Uuid::now_v7()]})), "employee_ids[0]");
    assert_eq!(with(json!({"employee_ids": []})), "employee_ids");
    let both = json!({"unit_code": "x", "employee_ids": [scene.inside.id.uuid()]});
    assert_eq!(with(both), "employee_ids");
    assert_eq!(with(json!({"from": "2027-03-04"})), "from");
    let listed = scene.operator.get("/v1/agencies/1.01/schedules?limit=1").expect(200);
    assert_eq!(listed["items"][0]["name"], "Malam");
}
