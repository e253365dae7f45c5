//! What the printer promises, looked at in the PDFs themselves.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use std::fs;
use tempfile::TempDir;

/// 1 April 2026, 08.00 WIB.
fn now() -> Instant {
    Instant::parse("2026-04-01T01:00:00Z").unwrap()
}

/// The facts that ship with a template.
fn shipped_facts(template: &str) -> Value {
    serde_json::from_str(Shipped::named(&format!("{template}.json")).unwrap().text).unwrap()
}

fn printer() -> Printer {
    patient(Printer::new(None).unwrap())
}

/// Unoptimised and beside other tests a document takes its time; only one test is about the limit.
fn patient(mut printer: Printer) -> Printer {
    printer.time_limit = Duration::from_mins(4);
    printer
}

/// A folder with one own template.
fn folder_with(name: &str, text: &str) -> (TempDir, Printer) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let printer = patient(Printer::new(Some(folder.path())).unwrap());
    (folder, printer)
}

/// The text of each page without white space, as a reader of the PDF finds it.
fn pages(pdf: &[u8]) -> Vec<String> {
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let document = lopdf::Document::load_mem(pdf).unwrap();
    document
        .get_pages()
        .keys()
        .map(|page| squeezed(&document.extract_text(&[*page]).unwrap()))
        .collect()
}

/// Lines break wherever they fit; what is compared has no white space.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{200b}')
        .collect()
}

#[track_caller]
fn assert_says(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(&squeezed(text)), "{text:?} is not in {page}");
    }
}

#[test]
fn a_recap_says_who_was_where_and_who_signs() {
    let pdf = printer().pdf("recap", &shipped_facts("recap"), now()).unwrap();
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 1);
    assert_says(
        &pages[0],
        &[
            "PEMERINTAH PROVINSI BANTEN",
            "REKAPITULASI PRESENSI PEGAWAI",
            "Bulan Maret 2026",
            "CONTOH SATU",
            "19680211 199303 1 901",
            "Kepala Subbagian Umum dan Kepegawaian",
            "76,5",
            "Disetujui",
            "TK Tanpa keterangan",
            "Mengetahui,",
            "Serang, 1 April 2026",
            "Penata Tingkat I (III/d)",
            "Halaman 1 dari 1",
        ],
    );
    assert!(!pages[0].contains("SEMENTARA"));
    // The weekday under the day: 1 March 2026 was a Sunday.
    assert_says(&pages[0], &["1 Mg 2 Sn 3 Sl"]);
}

#[test]
fn a_recap_of_120_people_repeats_its_head_numbers_its_pages_and_signs_once() {
    let mut facts = shipped_facts("recap");
    let few = facts["people"].as_array().unwrap().clone();
    let people: Vec<Value> = (0..120)
        .map(|number| {
            let mut person = few[number % few.len()].clone();
            person["name"] = json!(format!(
                "Nyi Ayu Contoh Bernama Panjang Sekali Nomor {number}, S.Pd., M.Si."
            ));
            person
        })
        .collect();
    facts["people"] = Value::Array(people);
    facts["provisional"] = json!("Bulan belum berakhir.");
    let pages = pages(&printer().pdf("recap", &facts, now()).unwrap());
    assert!(pages.len() > 3, "{} pages", pages.len());
    for (index, page) in pages.iter().enumerate() {
        let foot = format!("Halaman {} dari {}", index + 1, pages.len());
        assert_says(page, &[&foot, "Pangkat/Gol", "Tanggal", "PSW4", "SEMENTARA"]);
    }
    assert_says(&pages[0], &["Bulan belum berakhir.", "Nomor 0, S.Pd."]);
    let signed: Vec<bool> = pages.iter().map(|page| page.contains("Mengetahui,")).collect();
    assert_eq!(signed.iter().filter(|signed| **signed).count(), 1);
    assert!(signed.last().unwrap());
    let all = pages.concat();
    for number in 0..120 {
        assert_eq!(all.matches(&format!("Nomor{number},")).count(), 1, "{number}");
    }
}

#[test]
fn a_leave_letter_says_what_was_granted_by_whom_and_where_to_check_it() {
    let pdf = printer()
        .pdf("leave_letter", &shipped_facts("leave_letter"), now())
        .unwrap();
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 1);
    assert_says(
        &pages[0],
        &[
            "DINAS CONTOH",
            "SURAT IZIN CUTI TAHUNAN",
            "Nomor: 800.1.11.4/012-Contoh/2026",
            "Contoh Tiga, S.Pd.",
            "19860926 201505 1 903",
            "selama 3 hari kerja, terhitung mulai tanggal 6 April 2026 sampai dengan 8 April 2026",
            "N-1 (2025) 4 3 1",
            "☑ Disetujui ☐ Perubahan ☐ Ditangguhkan ☐ Tidak disetujui",
            "a.n. Gubernur Banten",
            "https://sherlok.example.go.id/verify/4Q7ZK2M9TB6XW3H5",
            "Tembusan:",
        ],
    );
    // The code is drawn, and can be followed from the screen.
    assert!(contains(&pdf, b"Kode QR") || contains(&pdf, b"/URI"));
}

fn contains(pdf: &[u8], wanted: &[u8]) -> bool {
    pdf.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn a_letter_of_one_day_names_one_date_and_each_outcome_is_ticked() {
    let mut facts = shipped_facts("leave_letter");
    facts["to"] = facts["from"].clone();
    for (outcome, ticked) in [
        ("changed", "☑ Perubahan"),
        ("deferred", "☑ Ditangguhkan"),
        ("refused", "☑ Tidak disetujui"),
    ] {
        facts["decision"]["outcome"] = json!(outcome);
        let pages = pages(&printer().pdf("leave_letter", &facts, now()).unwrap());
        assert_says(&pages[0], &["pada tanggal 6 April 2026", ticked]);
        assert!(!pages[0].contains("sampaidengan"));
    }
}

#[test]
fn a_roster_says_who_is_where_on_which_day() {
    let pages = pages(&printer().pdf("roster", &shipped_facts("roster"), now()).unwrap());
    assert_eq!(pages.len(), 1);
    assert_says(
        &pages[0],
        &[
            "JADWAL KERJA PEGAWAI",
            "Surat Edaran Gubernur Banten Nomor 4 Tahun 2026",
            "CONTOH DELAPAN",
            "Di kantor, termasuk piket",
            "P piket",
            "Serang, 25 Februari 2026",
            "1 s.d. 31 Maret 2026",
        ],
    );
}

#[test]
fn a_roster_of_a_few_days_over_two_months_names_both() {
    let mut facts = shipped_facts("roster");
    facts["from"] = json!("2026-03-30");
    facts["to"] = json!("2026-04-02");
    facts["days"] = json!([
        {"date": "2026-03-30", "free": false}, {"date": "2026-03-31", "free": false},
        {"date": "2026-04-01", "free": false}, {"date": "2026-04-02", "free": false},
    ]);
    let pages = pages(&printer().pdf("roster", &facts, now()).unwrap());
    assert_says(
        &pages[0],
        &["30 Maret 2026 s.d. 2 April 2026", "Mar", "Apr", "30 Sn", "2 Km"],
    );
}

#[test]
fn every_template_prints_what_little_it_is_given() {
    for template in ["recap", "leave_letter", "roster"] {
        for facts in [
            json!({}),
            json!([]),
            Value::Null,
            json!("x"),
            json!({"people": 3, "days": "x"}),
        ] {
            let pdf = printer().pdf(template, &facts, now()).unwrap();
            assert_eq!(pages(&pdf).len(), 1, "{template} {facts}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_another_time_another_file() {
    let facts = shipped_facts("leave_letter");
    let one = printer().pdf("leave_letter", &facts, now()).unwrap();
    assert!(printer().pdf("leave_letter", &facts, now()).unwrap() == one);
    let later = now().plus(chrono::Duration::seconds(1));
    assert!(printer().pdf("leave_letter", &facts, later).unwrap() != one);
}

#[test]
fn shipped_documents_claim_to_be_archivable_and_accessible() {
    for template in ["recap", "leave_letter", "roster"] {
        let pdf = printer().pdf(template, &shipped_facts(template), now()).unwrap();
        let metadata = [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ];
        for line in metadata {
            assert!(contains(&pdf, line.as_bytes()), "{template}: {line}");
        }
    }
}

#[test]
fn an_own_template_is_used_and_read_anew_when_it_changed() {
    let (folder, printer) = folder_with(
        "recap.typ",
        "#import \"official.typ\": facts, field, said\nRekap kami: #said(field(facts, \"agency\"))",
    );
    let print = || pages(&printer.pdf("recap", &json!({"agency": "Dinas Contoh"}), now()).unwrap());
    assert_says(&print()[0], &["Rekap kami: Dinas Contoh"]);
    fs::write(folder.path().join("recap.typ"), "Berubah").unwrap();
    assert_eq!(print(), ["Berubah"]);
    fs::remove_file(folder.path().join("recap.typ")).unwrap();
    assert_says(&print()[0], &["REKAPITULASI PRESENSI PEGAWAI"]);
}

#[test]
fn a_changed_shared_file_and_a_logo_reach_the_shipped_templates() {
    let official = Shipped::named("official.typ").unwrap().text;
    let (folder, printer) = folder_with("official.typ", &official.replace("Keterangan:", "Arti tanda:"));
    let print = |name: &str| printer.pdf(name, &shipped_facts(name), now()).unwrap();
    assert_says(&pages(&print("roster"))[0], &["Arti tanda:"]);
    let without = print("leave_letter");
    let logo =
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='red'/></svg>";
    fs::write(folder.path().join("logo.svg"), logo).unwrap();
    let with = print("leave_letter");
    assert!(with != without && contains(&with, b"Lambang"));
}

#[test]
fn a_broken_own_template_falls_back_and_the_proof_says_where_it_is_broken() {
    for (broken, line, message) in [
        ("#let x = (\n", 1, "unclosed delimiter"),
        ("Halo\n#panic(\"kurang\")", 2, "kurang"),
        ("Halo\n\n#facts", 3, "unknown variable: facts"),
    ] {
        let (folder, printer) = folder_with("leave_letter.typ", broken);
        let facts = shipped_facts("leave_letter");
        let pages = pages(&printer.pdf("leave_letter", &facts, now()).unwrap());
        assert_says(&pages[0], &["SURAT IZIN CUTI TAHUNAN"]);
        let Err(PrintError::Template(mistakes)) = printer.proof("leave_letter", &facts, now()) else {
            panic!("{broken} is not sound");
        };
        let path = folder.path().canonicalize().unwrap().join("leave_letter.typ");
        assert_eq!(mistakes[0].file, path.display().to_string());
        assert_eq!(mistakes[0].place.unwrap().0, line);
        assert!(mistakes[0].message.contains(message), "{}", mistakes[0]);
    }
}

#[test]
fn a_template_reads_nothing_outside_its_folder_and_fetches_nothing() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "rahasia").unwrap();
    for (text, told) in [
        ("#read(\"/etc/passwd\")".to_owned(), "file not found"),
        ("#read(\"../../../../etc/passwd\")".to_owned(), "escape"),
        ("#include \"../secret.typ\"".to_owned(), "escape"),
        (
            format!("#read(\"{}/secret.txt\")", outside.path().display()),
            "file not found",
        ),
        ("#read(\"link.txt\")".to_owned(), "outside the folder"),
        (
            "#import \"@preview/cetz:0.3.0\"".to_owned(),
            "packages are never fetched",
        ),
        ("#import \"@local/mine:1.0.0\"".to_owned(), "packages are never fetched"),
        ("#image(\"https://example.com/a.png\")".to_owned(), "file not found"),
        ("#datetime.today()".to_owned(), "current date"),
    ] {
        let (folder, printer) = folder_with("sneaky.typ", &text);
        std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("link.txt")).unwrap();
        let error = printer.proof("sneaky", &json!({}), now()).unwrap_err().to_string();
        assert!(error.contains(told) && !error.contains("rahasia"), "{text}: {error}");
    }
}

#[test]
fn a_template_that_never_ends_is_given_up_and_left_alone_until_it_changes() {
    let endless = "#for a in range(30000) { for b in range(30000) { for c in range(30000) { } } }";
    let (folder, mut printer) = folder_with("recap.typ", endless);
    printer.time_limit = Duration::from_millis(1_500);
    let facts = json!({});
    let own = printer.own.clone().unwrap();
    let taken = Facts::new(&facts).unwrap();
    for _ in 0..5 {
        // More often than there are slots: only the first try holds one.
        assert!(matches!(
            printer.typeset_own(&own, "recap", &taken, now()),
            Err(PrintError::TooSlow)
        ));
    }
    printer.time_limit = TIME_LIMIT;
    assert_says(
        &pages(&printer.pdf("recap", &facts, now()).unwrap())[0],
        &["REKAPITULASI"],
    );
    fs::write(folder.path().join("recap.typ"), "Selesai").unwrap();
    assert_eq!(pages(&printer.pdf("recap", &facts, now()).unwrap()), ["Selesai"]);
}

#[test]
fn many_at_once_all_get_their_own_document() {
    let printer = printer();
    let texts: Vec<_> = (0..6)
        .map(|number| {
            let printer = printer.clone();
            thread::spawn(move || {
                let mut facts = shipped_facts("leave_letter");
                facts["holder"]["name"] = json!(format!("Contoh Nomor {number}"));
                pages(&printer.pdf("leave_letter", &facts, now()).unwrap()).concat()
            })
        })
        .collect();
    for (number, text) in texts.into_iter().enumerate() {
        assert_says(&text.join().unwrap(), &[&format!("Contoh Nomor {number}")]);
    }
}

#[test]
fn unknown_names_and_folders_are_errors() {
    for name in ["nothing", "../recap", "", "official/../recap"] {
        let refusal = printer().pdf(name, &json!({}), now());
        assert!(matches!(refusal, Err(PrintError::Unknown(_))), "{name}");
    }
    assert!(matches!(
        Printer::new(Some(Path::new("/nowhere/templates"))),
        Err(PrintError::Folder(..))
    ));
}

#[test]
fn markup_in_a_fact_is_text() {
    let hostile = [
        "#panic(\"x\")",
        "$x^2$",
        "*tebal* _miring_",
        "\\ \" ' `kode`",
        "<label> @rujukan",
        "// komentar /* */",
        "[isi] {kode}",
        "= Judul",
        "#include \"/etc/passwd\"",
        "~ -- --- ...",
    ];
    let mut facts = shipped_facts("leave_letter");
    let all = hostile.join(" ");
    facts["holder"]["name"] = json!(all);
    facts["letterhead"]["address"] = json!(all);
    facts["copies"] = json!(hostile);
    facts["terms"] = json!(hostile);
    facts["confirmation_url"] = json!(all);
    let text = pages(&printer().pdf("leave_letter", &facts, now()).unwrap()).concat();
    for hostile in hostile {
        let found = text.matches(&squeezed(hostile)).count();
        assert!(found >= 5, "{hostile} stands {found} times in {text}");
    }
}

/// Any text, with those most likely to be taken for code, to overflow or to be turned around often among them.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[#$\\\\\"'`*_<>@/\\[\\](){}=~+-]{1,30}",
        "[a-zA-Z]{60,400}",
        "[\u{600}-\u{6ff}]{1,20}",
        "[\u{1F300}-\u{1F6FF}]{1,8}",
        "[a-z\u{300}-\u{36f}]{1,20}",
        "[\u{200b}-\u{206f}\u{0}-\u{1f}]{1,10}",
        "[0-9]{4}-[0-9]{2}(-[0-9]{2})?",
    ]
}

/// The facts with every text in them replaced by one of `texts`, in turn.
fn with_texts(value: &Value, texts: &mut impl Iterator<Item = String>) -> Value {
    match value {
        Value::String(_) => Value::String(texts.next().unwrap_or_default()),
        Value::Array(values) => Value::Array(values.iter().map(|value| with_texts(value, texts)).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), with_texts(value, texts)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[test]
fn any_text_anywhere_is_printed_as_text_by_every_template() {
    let mut runner = TestRunner::new(Config {
        cases: 4,
        ..Config::default()
    });
    let texts = proptest::collection::vec(any_text(), 30..40);
    runner
        .run(&(texts, "[ -~]{1,60}"), |(texts, name)| {
            for template in ["recap", "leave_letter", "roster"] {
                let mut facts = shipped_facts(template);
                if let Some(people) = facts.get_mut("people").and_then(Value::as_array_mut) {
                    people.truncate(1);
                }
                let mut facts = with_texts(&facts, &mut texts.iter().cycle().cloned());
                // A code holds 2,331 bytes, and other tests say what happens beyond.
                if let Some(url) = facts.get("confirmation_url").and_then(Value::as_str) {
                    facts["confirmation_url"] = json!(url.chars().take(500).collect::<String>());
                }
                facts["government"] = json!(name);
                facts["letterhead"]["government"] = json!(name);
                let outcome = printer().pdf(template, &facts, now());
                prop_assert!(outcome.is_ok(), "{}: {:?}", template, outcome.err());
                // The heading has it in capitals.
                let said = squeezed(&name.to_uppercase());
                prop_assert!(
                    pages(&outcome.unwrap()).concat().contains(&said),
                    "{}: {}",
                    template,
                    said
                );
            }
            Ok(())
        })
        .unwrap();
}
