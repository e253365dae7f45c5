//! `sherlok certificate`: a certificate for trials, and how phones come to trust it.

use crate::platform::clock::Clock;
use crate::platform::trial_certificate;
use crate::platform::trial_certificate::Files;
use clap::Args;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

/// For whom, and where to.
#[derive(Debug, Args)]
pub struct CertificateArguments {
    /// The folder for `ca.crt`, `ca.key`, `server.crt` and `server.key`; made if it is missing.
    #[arg(long)]
    directory: PathBuf,
    /// A host name or address that phones reach the service by, such as 192.168.1.20; may be given several times. This
    /// machine's own names are always in.
    #[arg(long = "name", value_name = "HOST")]
    names: Vec<String>,
}

/// Makes the files and says what to do with them.
pub fn run(arguments: &CertificateArguments, clock: &Clock, output: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let files = trial_certificate::make(&arguments.directory, &arguments.names, clock.now())?;
    tell(&files, &arguments.names, output)?;
    Ok(())
}

fn tell(files: &Files, names: &[String], output: &mut impl Write) -> std::io::Result<()> {
    let host = names.first().map_or("localhost", String::as_str);
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let (authority, certificate, key) = (
        files.authority.display(),
        files.certificate.display(),
        files.key.display(),
    );
    let (new_id, new_en) = if files.is_new_authority {
        ("", "")
    } else {
        (
            " (sama dengan sebelumnya; yang sudah dipasang tetap berlaku)",
            " (the same as before; where it is installed it goes on to work)",
        )
    };
    write!(
        output,
        "Sertifikat uji coba sudah jadi dan berlaku satu tahun. Hanya untuk mencoba; untuk layanan sebenarnya gunakan \
         sertifikat dari penerbit resmi.\n\n\
         1. Jalankan layanan dengan sertifikat ini:\n\n   \
         SHERLOK_TLS_CERTIFICATE={certificate} \\\n   SHERLOK_TLS_KEY={key} \\\n   SHERLOK_TLS_LISTEN=0.0.0.0:8443 \\\n   \
         sherlok serve\n\n\
         2. Pasang {authority} pada setiap ponsel{new_id}: salin berkas itu ke ponsel, lalu\n   \
         Android: Setelan > Keamanan > Enkripsi dan kredensial > Instal sertifikat > Sertifikat CA.\n   \
         iPhone: buka berkasnya, Setelan > Profil Diunduh > Instal, lalu Umum > Mengenai > Pengaturan Kepercayaan \
         Sertifikat > aktifkan.\n\n\
         3. Buka https://{host}:8443/app/ pada ponsel.\n\n\
         Simpan ca.key baik-baik: siapa pun yang memilikinya dapat menyamar sebagai situs lain di ponsel itu. Hapus \
         sertifikat dari ponsel setelah uji coba selesai.\n\n\
         In English: a certificate for trials, good for a year. (1) Serve with the three settings above. (2) Install \
         {authority} on each phone as a CA certificate{new_en}. (3) Open https://{host}:8443/app/. Keep ca.key to \
         yourself: whoever has it can pose as any site to those phones; remove the certificate from them after the trial.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::instant::Instant;

    #[test]
    fn the_instructions_name_the_files_and_the_address() {
        let directory = tempfile::tempdir().unwrap();
        let arguments = CertificateArguments {
            directory: directory.path().join("tls"),
            names: vec!["192.168.1.20".to_owned()],
        };
        let clock = Clock::fixed(Instant::parse("2026-03-02T08:59:00Z").unwrap());
        let said = || {
            let mut output = Vec::new();
            run(&arguments, &clock, &mut output).unwrap();
            String::from_utf8(output).unwrap()
        };
        let first = said();
        for part in [
            "tls/server.crt",
            "tls/server.key",
            "tls/ca.crt",
            "https://192.168.1.20:8443/app/",
        ] {
            assert!(first.contains(part), "{part}");
        }
        assert!(!first.contains("sama dengan sebelumnya"));
        assert!(said().contains("sama dengan sebelumnya"));
    }
}
