//! The socket tables, on sockets that the test opens: against what is known of them, and against netstat2.

#[test]
fn dump() {
    use quaymaster_probe::SocketSource as _;
    use std::net::*;
    let a = TcpListener::bind("127.0.0.1:0").unwrap();
    let _ = a.ttl();
    let b = TcpListener::bind("[::1]:0").unwrap();
    let _ = b.ttl();
    let c = UdpSocket::bind("127.0.0.1:0").unwrap();
    let _ = c.ttl();
    let d = UdpSocket::bind("[::1]:0").unwrap();
    let _ = d.ttl();
    let e = TcpListener::bind("[::]:0").unwrap();
    let _ = e.ttl();
    let s = TcpStream::connect(a.local_addr().unwrap()).unwrap();
    let _ = s.ttl();
    let (t, _) = a.accept().unwrap();
    let _ = t.ttl();
    println!("me {} a {a:?} b {b:?} c {c:?} d {d:?} e {e:?} s {s:?}", std::process::id());
    let mut n = quaymaster_probe::windows::Sockets::new();
    let sample = n.look(quaymaster_core::UnixMillis(1));
    for c in &sample.changes {
        if let quaymaster_core::Change::Opened(s) = c {
            println!("{:?} {:?} {:?} {:?} {:?}", s.local, s.remote, s.state, s.owner, s.key);
        }
    }
    println!("{:?}", sample.troubles);
    drop(t);
    drop(s);
    let sample = n.look(quaymaster_core::UnixMillis(1));
    for c in &sample.changes {
        println!("{c:?}");
    }
    println!("listing: {:?}", n.look(quaymaster_core::UnixMillis(1)));
}
