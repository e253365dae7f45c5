//! Files behind entries through the routes: clean in, safe out, and only for those whom they concern.

use crate::harness::client::{Answer, Client};
use crate::harness::teams::{entry, review, team};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use serde_json::json;

const SECRET: &[u8] = b"GPS 6.1203S 106.1503E Jl. Contoh";

fn jpeg(red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = RgbImage::from_pixel(40, 20, Rgb([red, 120, 0]));
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))
        .unwrap();
    bytes
}

/// A JPEG with an Exif segment that turns it and tells a place.
fn jpeg_with_exif() -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x0e\0\x02\0\0\0\x20\0\0\0\x26");
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend([0; 4]);
    exif.extend(SECRET);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let plain = jpeg(200);
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

fn pdf(inside: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )
    .into_bytes()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn draft(client: &Client) -> String {
    let made = client
        .post("/v1/activities", &entry("2026-03-02", "07:30", "08:30"))
        .expect(201);
    made["id"].as_str().unwrap().to_owned()
}

fn add(client: &Client, activity: &str, content_type: &str, bytes: &[u8]) -> Answer {
    client.send(
        "POST",
        &format!("/v1/activities/{activity}/evidence"),
        Some(content_type),
        bytes,
    )
}

fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_photo_comes_back_upright_and_without_its_place() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let sent = jpeg_with_exif();
    assert!(contains(&sent, SECRET));
    let added = add(client, &activity, "image/jpeg", &sent);
    added.expect(201);
    let file = client.get(&format!("/v1/evidence/{}", id(&added)));
    assert_eq!(file.status, 200);
    assert!(!contains(&file.bytes, SECRET) && !contains(&file.bytes, b"Exif"));
    let kept = image::load_from_memory(&file.bytes).unwrap();
    assert_eq!((kept.width(), kept.height()), (20, 40));
    let shown = client.get(&format!("/v1/activities/{activity}")).expect(200);
    assert_eq!(shown["evidence"][0], added.json());
    assert_eq!(shown["evidence"][0]["size_bytes"], json!(file.bytes.len()));
}

#[test]
fn a_file_is_only_ever_an_attachment() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let sent = pdf("/Pages 2 0 R");
    let added = add(client, &activity, "application/pdf", &sent);
    added.expect(201);
    let file = client.get(&format!("/v1/evidence/{}", id(&added)));
    assert_eq!(file.bytes, sent);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"bukti-")
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(file.header("cache-control"), "private, no-store");
}

#[test]
fn what_is_no_plain_image_or_document_is_refused() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let whole = jpeg(200);
    for bytes in [
        b"<html><script>alert(1)</script>".as_slice(),
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"PK\x03\x04aaaa",
    ] {
        add(client, &activity, "image/jpeg", bytes).problem(415, "unsupported_media_type");
    }
    add(client, &activity, "text/html", &whole).problem(415, "unsupported_media_type");
    add(client, &activity, "multipart/form-data; boundary=x", &whole).problem(415, "unsupported_media_type");
    let refused: [(&str, &[u8]); 4] = [
        ("empty", b""),
        ("broken", &whole[..whole.len() / 2]),
        ("active_content", &pdf("/OpenAction << /S /JavaScript >>")),
        ("polyglot", &[pdf("").as_slice(), b"PK\x05\x06", &[0; 18]].concat()),
    ];
    for (code, bytes) in refused {
        let problem = add(client, &activity, "application/octet-stream", bytes).names_field(422, "body");
        assert_eq!(problem["fields"][0]["code"], code);
    }
    let mut bomb = whole.clone();
    let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    let problem = add(client, &activity, "image/jpeg", &bomb).names_field(422, "body");
    assert_eq!(problem["fields"][0]["code"], "too_many_pixels");
    let shown = client.get(&format!("/v1/activities/{activity}")).expect(200);
    assert_eq!(shown["evidence"], json!([]));
}

#[test]
fn five_megabytes_are_the_most() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let mut sent = pdf("");
    let missing = 5 * 1024 * 1024 - sent.len();
    sent.splice(9..9, std::iter::repeat_n(b'%', missing));
    add(client, &activity, "application/pdf", &sent).expect(201);
    sent.insert(9, b'%');
    add(client, &activity, "application/pdf", &sent).problem(413, "body_too_large");
    add(client, &activity, "application/pdf", &vec![b'%'; 9_000_000]).problem(413, "body_too_large");
}

#[test]
fn the_same_file_again_is_the_same_and_five_are_the_most() {
    let (app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let first = add(client, &activity, "image/jpeg", &jpeg(0)).expect(201);
    assert_eq!(add(client, &activity, "image/jpeg", &jpeg(0)).expect(200), first);
    for red in [50, 100, 150, 200] {
        add(client, &activity, "image/jpeg", &jpeg(red)).expect(201);
    }
    let problem = add(client, &activity, "image/jpeg", &jpeg(250)).names_field(422, "evidence");
    assert_eq!(problem["fields"][0]["code"], "too_many");
    // Repeated and refused files leave nothing behind.
    let folder = app.app().directory().join("evidence");
    let kept = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    assert_eq!(kept.count(), 5);
}

#[test]
fn only_the_owner_and_the_reviewer_get_a_file_and_the_owner_sees_who_looked() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let added = add(client, &activity, "image/jpeg", &jpeg(0));
    let path = format!("/v1/evidence/{}", id(&added));
    // Behind a draft it is the owner's alone.
    team.superior.client.get(&path).problem(404, "not_found");
    client
        .post(&format!("/v1/activities/{activity}/submission"), &json!({}))
        .expect(200);
    for other in [
        &team.colleague.client,
        &team.stranger.client,
        &team.head.client,
        &team.other_superior.client,
    ] {
        other.get(&path).problem(404, "not_found");
    }
    let before = client.get("/v1/me/accesses").expect(200)["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(team.superior.client.get(&path).status, 200);
    let accesses = client.get("/v1/me/accesses").expect(200);
    assert_eq!(accesses["items"].as_array().unwrap().len(), before + 1);
    assert_eq!(accesses["items"][0]["purpose"], "activity_review");
}

#[test]
fn files_change_only_while_the_entry_may() {
    let (_app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let added = add(client, &activity, "image/jpeg", &jpeg(0));
    let path = format!("/v1/evidence/{}", id(&added));
    team.colleague.client.delete(&path).problem(404, "not_found");
    add(&team.colleague.client, &activity, "image/jpeg", &jpeg(0)).problem(404, "not_found");
    client
        .post(&format!("/v1/activities/{activity}/submission"), &json!({}))
        .expect(200);
    client.delete(&path).problem(409, "wrong_state");
    add(client, &activity, "image/jpeg", &jpeg(9)).problem(409, "wrong_state");
    review(&team.superior.client, &activity, "returned", "Foto tidak terbaca").expect(200);
    client.delete(&path).expect(204);
    client.get(&path).problem(404, "not_found");
    add(client, &activity, "image/jpeg", &jpeg(9)).expect(201);
}

#[test]
fn a_file_that_was_changed_on_disk_is_not_handed_out() {
    let (app, team) = team();
    let client = &team.member.client;
    let activity = draft(client);
    let added = id(&add(client, &activity, "application/pdf", &pdf("")));
    let name = added.replace('-', "");
    let path = app.app().directory().join("evidence").join(&name[30..]).join(&name);
    std::fs::write(path, pdf("/S /Changed")).unwrap();
    client.get(&format!("/v1/evidence/{added}")).problem(500, "internal");
}

#[test]
fn another_data_directory_on_the_same_database_is_refused() {
    let (app, _team) = team();
    app.app().check_data_directory().unwrap();
    app.twin().app().check_data_directory().unwrap();
    std::fs::remove_dir_all(app.app().directory().join("evidence")).unwrap();
    assert!(app.app().check_data_directory().is_err());
}
