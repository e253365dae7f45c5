//! The staff of a simulated agency as the personnel system exports them: 69 columns, `;`, BOM and CRLF.
//!
//! Columns that the service must drop at the door (religion, NIK and the like) are filled, so that it has to.

use crate::domain::simulation::person::Employment;
use crate::domain::simulation::person::Person;
use crate::domain::simulation::workforce::Agency;

/// The heading, exactly as SIASN writes it (domain.md section 4).
const HEADING: &str = "PNS ID;NIP BARU;NIP LAMA;NAMA;GELAR DEPAN;GELAR BELAKANG;TEMPAT LAHIR ID;TEMPAT LAHIR NAMA;\
TANGGAL LAHIR;JENIS KELAMIN;AGAMA ID;AGAMA NAMA;JENIS KAWIN ID;JENIS KAWIN NAMA;NIK;NOMOR HP;EMAIL;EMAIL GOV;ALAMAT;\
NPWP NOMOR;BPJS;JENIS PEGAWAI ID;JENIS PEGAWAI NAMA;KEDUDUKAN HUKUM ID;KEDUDUKAN HUKUM NAMA;STATUS CPNS PNS;\
KARTU ASN VIRTUAL;NOMOR SK CPNS;TANGGAL SK CPNS;TMT CPNS;NOMOR SK PNS;TANGGAL SK PNS;TMT PNS;GOL AWAL ID;GOL AWAL NAMA;\
GOL AKHIR ID;GOL AKHIR NAMA;TMT GOLONGAN;MK TAHUN;MK BULAN;JENIS JABATAN ID;JENIS JABATAN NAMA;JABATAN ID;JABATAN NAMA;\
TMT JABATAN;TINGKAT PENDIDIKAN ID;TINGKAT PENDIDIKAN NAMA;PENDIDIKAN ID;PENDIDIKAN NAMA;TAHUN LULUS;KPKN ID;KPKN NAMA;\
LOKASI KERJA ID;LOKASI KERJA NAMA;UNOR ID;UNOR NAMA;INSTANSI INDUK ID;INSTANSI INDUK NAMA;INSTANSI KERJA ID;\
INSTANSI KERJA NAMA;SATUAN KERJA INDUK ID;SATUAN KERJA INDUK NAMA;SATUAN KERJA KERJA ID;SATUAN KERJA KERJA NAMA;\
IS VALID NIK;NAMA SEKOLAH;FLAG IKD;ESELON ID;ESELON NAMA";

/// Writes the export of `agency`; people of other agencies are left out, and so are those without a number: the
/// personnel system does not know them.
pub fn personnel_export(agency: &Agency, people: &[Person]) -> String {
    let mut text = format!("\u{feff}{HEADING}\r\n");
    let columns: Vec<&str> = HEADING.split(';').collect();
    let units = agency.units();
    let known = people
        .iter()
        .filter(|person| person.agency == agency.code && person.number.is_some());
    for (index, person) in known.enumerate() {
        let unit_name = units
            .iter()
            .find(|unit| unit.code == person.unit)
            .map_or("", |unit| unit.name.as_str());
        let row: Vec<String> = columns
            .iter()
            .map(|column| cell(column, person, unit_name, index))
            .collect();
        text.push_str(&row.join(";"));
        text.push_str("\r\n");
    }
    text
}

fn cell(column: &str, person: &Person, unit_name: &str, index: usize) -> String {
    let sex = if person.is_male { "M" } else { "F" };
    match column {
        // Every third number carries the apostrophe of a spreadsheet.
        "NIP BARU" if index.is_multiple_of(3) => person
            .number
            .as_ref()
            .map(|number| format!("'{number}"))
            .unwrap_or_default(),
        "NIP BARU" => person.number.clone().unwrap_or_default(),
        "NAMA" => person.name.to_uppercase(),
        "GELAR BELAKANG" => person.back_title.to_owned(),
        "TANGGAL LAHIR" => person.born_on.format("%d-%m-%Y").to_string(),
        "JENIS KELAMIN" => sex.to_owned(),
        "AGAMA NAMA" => "Islam".to_owned(),
        "JENIS KAWIN NAMA" => "Menikah".to_owned(),
        "NIK" => format!("369999{}{index:04}", person.born_on.format("%d%m%y")),
        "EMAIL" => format!("pegawai{index}@{}.example.invalid", person.agency),
        "ALAMAT" => person.address.clone(),
        "JENIS PEGAWAI NAMA" => match person.employment {
            Employment::CivilServant => "PNS Daerah Provinsi".to_owned(),
            Employment::Contract => "PPPK".to_owned(),
            Employment::NonAsn => "Non ASN".to_owned(),
        },
        "KEDUDUKAN HUKUM NAMA" => "Aktif".to_owned(),
        "STATUS CPNS PNS" if person.employment == Employment::CivilServant => "P".to_owned(),
        "TMT CPNS" if person.employment == Employment::CivilServant => {
            person.appointed_on.format("%d-%m-%Y").to_string()
        }
        "GOL AKHIR NAMA" => person.grade.to_owned(),
        "JENIS JABATAN NAMA" if person.is_head => "Jabatan Struktural".to_owned(),
        "JENIS JABATAN NAMA" => "Jabatan Fungsional".to_owned(),
        "JABATAN NAMA" => person.post.clone(),
        "ESELON NAMA" if person.is_head && person.unit == agency_unit(person) => "II.a".to_owned(),
        "ESELON NAMA" if person.is_head => "III.a".to_owned(),
        "LOKASI KERJA NAMA" => "Serang".to_owned(),
        "UNOR ID" => person.unit.clone(),
        "UNOR NAMA" => unit_name.to_owned(),
        "INSTANSI INDUK NAMA" | "INSTANSI KERJA NAMA" | "SATUAN KERJA INDUK NAMA" => {
            "Pemerintah Provinsi Banten".to_owned()
        }
        _ => String::new(),
    }
}

/// Code of the unit at the top of the person's agency.
fn agency_unit(person: &Person) -> String {
    person.agency.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::simulation::workforce::Workforce;
    use chrono::NaiveDate;

    #[test]
    fn an_export_has_the_69_columns_of_siasn_and_a_row_for_each_numbered_person() {
        let workforce = Workforce::new(1, 200, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap());
        let agency = workforce.agencies[1];
        let text = personnel_export(&agency, &workforce.people);
        assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
        let rows: Vec<&str> = text.trim_end().split("\r\n").collect();
        let numbered = workforce
            .of(agency.code)
            .filter(|person| person.number.is_some())
            .count();
        assert_eq!(rows.len(), numbered + 1);
        for row in rows {
            assert_eq!(row.split(';').count(), 69, "{row}");
        }
    }
}
