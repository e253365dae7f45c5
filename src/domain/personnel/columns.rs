//! Which columns the personnel export has, and which of them are looked at.

use crate::domain::personnel::Present;
use crate::domain::table::HeaderError;
use crate::domain::table::Table;

/// The columns of the SIASN export, in its order.
pub const SIASN_COLUMNS: [&str; 69] = [
    "PNS ID",
    "NIP BARU",
    "NIP LAMA",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "TEMPAT LAHIR ID",
    "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "AGAMA ID",
    "AGAMA NAMA",
    "JENIS KAWIN ID",
    "JENIS KAWIN NAMA",
    "NIK",
    "NOMOR HP",
    "EMAIL",
    "EMAIL GOV",
    "ALAMAT",
    "NPWP NOMOR",
    "BPJS",
    "JENIS PEGAWAI ID",
    "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM ID",
    "KEDUDUKAN HUKUM NAMA",
    "STATUS CPNS PNS",
    "KARTU ASN VIRTUAL",
    "NOMOR SK CPNS",
    "TANGGAL SK CPNS",
    "TMT CPNS",
    "NOMOR SK PNS",
    "TANGGAL SK PNS",
    "TMT PNS",
    "GOL AWAL ID",
    "GOL AWAL NAMA",
    "GOL AKHIR ID",
    "GOL AKHIR NAMA",
    "TMT GOLONGAN",
    "MK TAHUN",
    "MK BULAN",
    "JENIS JABATAN ID",
    "JENIS JABATAN NAMA",
    "JABATAN ID",
    "JABATAN NAMA",
    "TMT JABATAN",
    "TINGKAT PENDIDIKAN ID",
    "TINGKAT PENDIDIKAN NAMA",
    "PENDIDIKAN ID",
    "PENDIDIKAN NAMA",
    "TAHUN LULUS",
    "KPKN ID",
    "KPKN NAMA",
    "LOKASI KERJA ID",
    "LOKASI KERJA NAMA",
    "UNOR ID",
    "UNOR NAMA",
    "INSTANSI INDUK ID",
    "INSTANSI INDUK NAMA",
    "INSTANSI KERJA ID",
    "INSTANSI KERJA NAMA",
    "SATUAN KERJA INDUK ID",
    "SATUAN KERJA INDUK NAMA",
    "SATUAN KERJA KERJA ID",
    "SATUAN KERJA KERJA NAMA",
    "IS VALID NIK",
    "NAMA SEKOLAH",
    "FLAG IKD",
    "ESELON ID",
    "ESELON NAMA",
];

const NUMBER: &[&str] = &["NIP BARU", "NIP", "NI PPPK", "NOMOR PEGAWAI"];
const NAME: &[&str] = &["NAMA", "NAMA LENGKAP"];
const TITLE_BEFORE: &[&str] = &["GELAR DEPAN"];
const TITLE_AFTER: &[&str] = &["GELAR BELAKANG"];
const BIRTH_DATE: &[&str] = &["TANGGAL LAHIR"];
const SEX: &[&str] = &["JENIS KELAMIN"];
const PHONE: &[&str] = &["NOMOR HP", "NO HP"];
const EMAIL: &[&str] = &["EMAIL"];
const EMAIL_OFFICIAL: &[&str] = &["EMAIL GOV"];
const KIND: &[&str] = &["JENIS PEGAWAI NAMA", "JENIS PEGAWAI"];
const LEGAL_STATUS: &[&str] = &["KEDUDUKAN HUKUM NAMA", "KEDUDUKAN HUKUM"];
const GRADE: &[&str] = &["GOL AKHIR NAMA", "GOLONGAN"];
const POSITION: &[&str] = &["JABATAN NAMA", "JABATAN"];
const ECHELON: &[&str] = &["ESELON NAMA", "ESELON"];
const UNIT_CODE: &[&str] = &["UNOR ID", "KODE UNIT"];
const UNIT_NAME: &[&str] = &["UNOR NAMA", "UNIT KERJA", "UNIT"];

/// Where the columns stand that are looked at.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) number: usize,
    pub(super) name: usize,
    pub(super) title_before: Option<usize>,
    pub(super) title_after: Option<usize>,
    pub(super) birth_date: Option<usize>,
    pub(super) sex: Option<usize>,
    pub(super) phone: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) email_official: Option<usize>,
    pub(super) kind: Option<usize>,
    pub(super) legal_status: Option<usize>,
    pub(super) grade: Option<usize>,
    pub(super) position: Option<usize>,
    pub(super) echelon: Option<usize>,
    pub(super) unit_code: Option<usize>,
    pub(super) unit_name: Option<usize>,
}

impl Columns {
    /// Finds them by name; only the number and the name must be there.
    pub(super) fn find(table: &Table) -> Result<Self, HeaderError> {
        Ok(Self {
            number: table.required_column(NUMBER)?,
            name: table.required_column(NAME)?,
            title_before: table.column(TITLE_BEFORE)?,
            title_after: table.column(TITLE_AFTER)?,
            birth_date: table.column(BIRTH_DATE)?,
            sex: table.column(SEX)?,
            phone: table.column(PHONE)?,
            email: table.column(EMAIL)?,
            email_official: table.column(EMAIL_OFFICIAL)?,
            kind: table.column(KIND)?,
            legal_status: table.column(LEGAL_STATUS)?,
            grade: table.column(GRADE)?,
            position: table.column(POSITION)?,
            echelon: table.column(ECHELON)?,
            unit_code: table.column(UNIT_CODE)?,
            unit_name: table.column(UNIT_NAME)?,
        })
    }

    /// The last column that a row must reach: exports leave out empty cells at the end, and the echelon is the last.
    pub(super) fn last_needed(&self) -> usize {
        self.kept()
            .into_iter()
            .filter(|column| *column != self.echelon)
            .flatten()
            .max()
            .unwrap_or(0)
    }

    /// Which of the optional ones there are.
    pub(super) fn present(&self) -> Present {
        Present {
            title_before: self.title_before.is_some(),
            title_after: self.title_after.is_some(),
            grade: self.grade.is_some(),
            position: self.position.is_some(),
            echelon: self.echelon.is_some(),
            unit: self.unit_code.is_some() || self.unit_name.is_some(),
            legal_status: self.legal_status.is_some(),
        }
    }

    /// Those whose content is kept.
    pub(super) fn kept(&self) -> [Option<usize>; 14] {
        [
            Some(self.number),
            Some(self.name),
            self.title_before,
            self.title_after,
            self.phone,
            self.email,
            self.email_official,
            self.kind,
            self.legal_status,
            self.grade,
            self.position,
            self.echelon,
            self.unit_code,
            self.unit_name,
        ]
    }
}
