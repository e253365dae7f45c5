//! One deployment of the real binary: a directory, a database, the process, and what it costs.

use sherlok::platform::entropy::Entropy;
use sherlok::platform::secrets::Secrets;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running service.
pub(crate) struct Deployment {
    pub(crate) directory: PathBuf,
    pub(crate) database_url: String,
    pub(crate) address: SocketAddr,
    /// What is started.
    pub(crate) binary: PathBuf,
    child: Option<Child>,
}

/// The binary built beside this one.
pub(crate) fn binary() -> PathBuf {
    let path = std::env::current_exe().unwrap().with_file_name("sherlok");
    assert!(path.exists(), "build the service first: {} is missing", path.display());
    path
}

impl Deployment {
    /// An empty data directory below `target/bench`; nothing runs yet.
    pub(crate) fn prepare(name: &str, database_url: Option<String>) -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench").join(name);
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            database_url: database_url.unwrap_or_else(|| format!("sqlite:{}", directory.join("sherlok.db").display())),
            directory,
            address: listener.local_addr().unwrap(),
            binary: binary(),
            child: None,
        }
    }

    /// Its keys, made where they are missing.
    pub(crate) fn secrets(&self) -> Secrets {
        Secrets::load_or_create(&self.directory, &Entropy::Os).unwrap()
    }

    /// Starts the service with more settings and waits until it is ready.
    pub(crate) fn start(&mut self, settings: &[(&str, &str)]) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.directory.join("log"))
            .unwrap();
        let child = Command::new(&self.binary)
            .arg("serve")
            .env("SHERLOK_LISTEN", self.address.to_string())
            .env("SHERLOK_DATABASE_URL", &self.database_url)
            .env("SHERLOK_DATA_DIR", &self.directory)
            .env("RUST_LOG", "warn")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        for _ in 0..1_200 {
            if get(self.address, "/readyz", "").is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "the service did not get ready; see {}",
            self.directory.join("log").display()
        );
    }

    /// Asks it to end and waits.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            child.wait().unwrap();
        }
    }

    fn process(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// CPU time that the process has used, microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        cpu_micros(self.process(), false)
    }

    /// Waits until the service does nothing by itself, ten minutes at most: the first of its jobs counts the days of everybody
    /// that were never counted, which a service that has run for a day has behind it.
    pub(crate) fn wait_until_idle(&self) {
        let mut quiet = 0;
        for _ in 0..600 {
            let before = self.cpu_micros();
            std::thread::sleep(Duration::from_secs(1));
            quiet = if self.cpu_micros() - before < 50_000.0 {
                quiet + 1
            } else {
                0
            };
            if quiet == 3 {
                return;
            }
        }
        panic!("the service is still busy after ten minutes without a call");
    }

    /// Lowers the peak to what is in memory now (proc(5)).
    pub(crate) fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.process()), "5").unwrap();
    }

    /// Resident memory now and at its peak, MB.
    pub(crate) fn memory_mb(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
            let number = line.trim().trim_end_matches(" kB").trim();
            number.parse::<f64>().unwrap_or(0.0) * 1_024.0 / 1_000_000.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        self.stop();
    }
}

/// User and system time of a process, with its ended children if asked for, microseconds.
pub(crate) fn cpu_micros(process: u32, with_children: bool) -> f64 {
    let Ok(text) = std::fs::read_to_string(format!("/proc/{process}/stat")) else {
        return 0.0;
    };
    // The name in brackets may hold spaces; the fields after it are counted from the state.
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = rest
        .split(' ')
        .map(|field| field.trim().parse().unwrap_or(0.0))
        .collect();
    let count = if with_children { 4 } else { 2 };
    // A tick is 10 ms on every Linux that this runs on.
    fields.iter().skip(11).take(count).sum::<f64>() * 10_000.0
}

/// One GET, its whole answer as text.
pub(crate) fn get(address: SocketAddr, path: &str, token: &str) -> Option<String> {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: sherlok\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    exchange(address, request.as_bytes())
}

/// Sends one whole request that asks for the connection to be closed; its whole answer as text.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(2))).ok()?;
    stream.write_all(request).ok()?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
