//! HTTPS by the real binary: a certificate for trials, replaced while connections go on, and what browsers are told.

use crate::harness::process::Service;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Connection = StreamOwned<ClientConnection, TcpStream>;

fn make_certificate(directory: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sherlok"))
        .args(["certificate", "--name", "sherlok.example", "--directory"])
        .arg(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Speaks TLS with the service by a name, trusting the authority alone.
fn connect(port: u16, name: &str, authority: &Path) -> Connection {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    StreamOwned::new(client, stream)
}

/// Asks over an open connection whether the service lives; gives the answer's head, lower case.
fn ask(connection: &mut Connection, host: &str) -> String {
    write!(connection, "GET /livez HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).unwrap();
        text.extend(byte);
    }
    let head = String::from_utf8(text).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    connection.read_exact(&mut body).unwrap();
    head
}

fn shown(connection: &Connection) -> Vec<u8> {
    connection.conn.peer_certificates().unwrap()[0].to_vec()
}

#[test]
fn a_certificate_is_replaced_without_ending_a_connection() {
    let directory = tempfile::tempdir().unwrap();
    let said = make_certificate(directory.path());
    assert!(said.contains("SHERLOK_TLS_CERTIFICATE="), "{said}");
    let port = free_port();
    let at = |name: &str| directory.path().join(name).display().to_string();
    let mut service = Service::prepare()
        .with("SHERLOK_TLS_LISTEN", &format!("127.0.0.1:{port}"))
        .with("SHERLOK_TLS_CERTIFICATE", &at("server.crt"))
        .with("SHERLOK_TLS_KEY", &at("server.key"));
    service.start();
    let authority = directory.path().join("ca.crt");

    let mut old = connect(port, "sherlok.example", &authority);
    let head = ask(&mut old, "sherlok.example");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(
        head.contains("strict-transport-security: max-age=31536000\r\n"),
        "{head}"
    );
    let first = shown(&old);
    // Names that a machine's programs share are not bound to HTTPS, and HTTP goes on beside it without a word of it.
    let mut local = connect(port, "127.0.0.1", &authority);
    assert!(!ask(&mut local, &format!("127.0.0.1:{port}")).contains("strict-transport"));
    let plain = service.client().get("/livez");
    assert_eq!((plain.status, plain.header("strict-transport-security")), (200, ""));

    make_certificate(directory.path());
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let mut new = connect(port, "localhost", &authority);
        assert!(ask(&mut new, "sherlok.example").starts_with("http/1.1 200"));
        if shown(&new) != first {
            break;
        }
        assert!(Instant::now() < deadline, "{}", service.log());
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(
        ask(&mut old, "sherlok.example").starts_with("http/1.1 200"),
        "the connection from before goes on"
    );
    // Files that can't be used change nothing.
    std::fs::write(directory.path().join("server.key"), "x").unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let mut later = connect(port, "sherlok.example", &authority);
    assert!(ask(&mut later, "sherlok.example").starts_with("http/1.1 200"));
    assert!(service.log().contains("the one before stays"), "{}", service.log());
}

#[test]
fn a_start_with_a_key_that_does_not_fit_is_refused() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make_certificate(one.path());
    make_certificate(two.path());
    let service = Service::prepare()
        .with("SHERLOK_TLS_LISTEN", &format!("127.0.0.1:{}", free_port()))
        .with(
            "SHERLOK_TLS_CERTIFICATE",
            &one.path().join("server.crt").display().to_string(),
        )
        .with("SHERLOK_TLS_KEY", &two.path().join("server.key").display().to_string());
    assert!(!service.run_to_its_end().success());
    assert!(
        service.log().contains("does not fit its certificate"),
        "{}",
        service.log()
    );
}
