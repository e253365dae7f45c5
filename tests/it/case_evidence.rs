//! Files behind replies and objections: the person's until they are sent, then fixed and seen by whoever judges.

use crate::case::{REASON, reply, scene, step};
use crate::harness::client::{Answer, Client};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use serde_json::{Value, json};

fn jpeg(red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = RgbImage::from_pixel(40, 20, Rgb([red, 120, 0]));
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))
        .unwrap();
    bytes
}

fn add(client: &Client, case: &str, bytes: &[u8]) -> Answer {
    client.send("POST", &format!("/v1/cases/{case}/evidence"), Some("image/jpeg"), bytes)
}

fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn file(client: &Client, id: &str) -> Answer {
    client.get(&format!("/v1/case-evidence/{id}"))
}

#[test]
fn a_file_goes_with_the_reply_and_is_seen_by_whoever_judges() {
    let scene = scene();
    let (auditor, second, case) = scene.proposed();
    let person = &scene.person.client;
    let added = add(person, &case, &jpeg(10));
    assert_eq!(added.status, 201);
    assert_eq!(added.json()["part"], "reply");
    let first = id(&added);
    assert_eq!(add(person, &case, &jpeg(10)).status, 200, "the same again");
    let other = id(&add(person, &case, &jpeg(200)));
    assert_eq!(scene.own_case(&case)["evidence"].as_array().unwrap().len(), 2);
    // Until the reply is sent it is the person's alone, who may take it off.
    file(&second, &first).problem(404, "not_found");
    assert_eq!(file(person, &first).status, 200);
    assert_eq!(person.delete(&format!("/v1/case-evidence/{other}")).status, 204);
    file(person, &other).problem(404, "not_found");
    let replied = step(person, &case, "reply", 2, &reply()).expect(200);
    assert_eq!(replied["reply"]["evidence"][0]["id"], json!(first));
    assert_eq!(replied["evidence"], json!([]));
    // Sent, it is fixed.
    person
        .delete(&format!("/v1/case-evidence/{first}"))
        .problem(409, "wrong_state");
    add(person, &case, &jpeg(30)).problem(409, "wrong_state");
    for judge in [&auditor, &second] {
        let opened = judge.get(&format!("/v1/cases/{case}")).expect(200);
        assert_eq!(opened["reply"]["evidence"][0]["id"], json!(first));
        let answer = file(judge, &first);
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-disposition").starts_with("attachment"));
        assert_eq!(answer.header("content-type"), "image/jpeg");
    }
    let head = scene.app.official("bkd_head");
    // Looks of one moment have no order.
    scene.app.advance(chrono::Duration::seconds(1));
    assert_eq!(file(&head, &first).status, 200);
    // Each look stands in the person's list.
    let accesses = person.get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(
        (&accesses[0]["fields"], &accesses[0]["subject"]),
        (&json!(["file"]), &json!(format!("case/{case}")))
    );
    // Nobody else.
    file(&scene.app.employee("1.01").client, &first).problem(404, "not_found");
    file(&scene.officer, &first).problem(403, "forbidden");
    file(&scene.app.official("bkd_auditor"), &first).problem(404, "not_found");
    file(&scene.app.official("agency_operator:1.01"), &first).problem(403, "forbidden");
}

#[test]
fn an_objection_has_files_of_its_own() {
    let scene = scene();
    let (_, second, case) = scene.proposed();
    let person = &scene.person.client;
    let of_reply = id(&add(person, &case, &jpeg(10)));
    step(person, &case, "reply", 2, &reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&second, &case, "decision", 3, &uphold).expect(200);
    let added = add(person, &case, &jpeg(10));
    assert_eq!((added.status, &added.json()["part"]), (201, &json!("objection")));
    person
        .delete(&format!("/v1/case-evidence/{of_reply}"))
        .problem(409, "wrong_state");
    let words = json!({ "reason": "Surat puskesmas saya lampirkan di sini." });
    let objected = step(person, &case, "objection", 4, &words).expect(200);
    assert_eq!(objected["objection"]["evidence"][0]["id"], json!(id(&added)));
    let head = scene.app.official("bkd_head");
    let opened = head.get(&format!("/v1/cases/{case}")).expect(200);
    assert_eq!(opened["objection"]["evidence"][0]["id"], json!(id(&added)));
    assert_eq!(opened["reply"]["evidence"][0]["id"], json!(of_reply));
    assert_eq!(file(&head, &id(&added)).status, 200);
}

#[test]
fn what_is_no_photo_or_plain_document_is_refused_and_five_are_enough() {
    let scene = scene();
    let (_, _, case) = scene.proposed();
    let person = &scene.person.client;
    let path = format!("/v1/cases/{case}/evidence");
    person
        .send("POST", &path, Some("text/html"), b"<script>")
        .problem(415, "unsupported_media_type");
    person
        .send("POST", &path, Some("image/jpeg"), b"not a photo")
        .problem(415, "unsupported_media_type");
    person
        .send("POST", &path, Some("image/jpeg"), b"")
        .names_field(422, "body");
    for red in 1..=5 {
        assert_eq!(add(person, &case, &jpeg(red * 20)).status, 201);
    }
    add(person, &case, &jpeg(200)).names_field(422, "evidence");
    add(&scene.app.employee("1.01").client, &case, &jpeg(1)).problem(404, "not_found");
    let unknown = "0195d3a0-0000-7000-8000-000000000000";
    add(person, unknown, &jpeg(1)).problem(404, "not_found");
    file(person, unknown).problem(404, "not_found");
    assert_eq!(scene.own_case(&case)["evidence"].as_array().map(Vec::len), Some(5));
    let other: Value = scene.own_case(&case)["evidence"][0]["id"].clone();
    let stranger = scene.app.employee("1.01");
    stranger
        .client
        .delete(&format!("/v1/case-evidence/{}", other.as_str().unwrap()))
        .problem(404, "not_found");
}
