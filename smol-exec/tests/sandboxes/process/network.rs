//! The network, off unless it is granted.

use super::{CONFINEMENTS, confined, sandbox};
use crate::common::{feed, text};
use smol_core::exec::Outcome;
use std::{io::Write, net::TcpListener};

#[tokio::test]
async fn it_is_reached_only_where_it_is_granted() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        listener.incoming().flatten().for_each(|mut peer| drop(peer.write_all(b"hello")))
    });
    let code = format!(
        "import socket\npeer = socket.create_connection(('127.0.0.1', {port}), timeout=5)\npeer.recv(5)"
    );
    for confinement in CONFINEMENTS {
        let outcome = feed(&mut *sandbox(&confined(confinement)).await, &code).await;
        let is_refusal =
            |kind: &str| ["PermissionError", "ConnectionRefusedError", "OSError"].contains(&kind);
        assert!(matches!(&outcome, Outcome::Raised { kind, .. } if is_refusal(kind)), "{outcome:?}");
        let granted = confined(confinement).network(true);
        assert_eq!(text(&feed(&mut *sandbox(&granted).await, &code).await), "b'hello'");
    }
}

/// Sockets of the host that are no network.
#[tokio::test]
async fn no_other_socket_is_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    for confinement in CONFINEMENTS {
        for code in [
            format!("socket.socket(socket.AF_UNIX).connect({path:?})"),
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))".to_owned(),
            "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)".to_owned(),
            "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)".to_owned(),
            "socket.create_connection(('::1', 22), timeout=1)".to_owned(),
            "socket.getaddrinfo('localhost.localdomain.invalid', 80)".to_owned(),
        ] {
            let outcome =
                feed(&mut *sandbox(&confined(confinement)).await, &format!("import socket\n{code}")).await;
            assert!(matches!(&outcome, Outcome::Raised { .. }), "{code}: {outcome:?}");
        }
    }
}
