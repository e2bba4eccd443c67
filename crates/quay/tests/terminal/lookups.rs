//! `quay lookup`.

use crate::stage::quay;

#[test]
fn an_address_is_told_with_who_has_it() {
    let said = quay(["lookup", "223.5.5.5", "[2400:3200::1]", "fe80::1%eth0", "198.18.0.1"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let lines: Vec<&str> = said.out.lines().collect();
    for (line, parts) in lines.iter().zip([
        ["223.5.5.5", "Alibaba", "AS45102", "Registered in CN"],
        ["2400:3200::1", "Alibaba", "AS37963", "Registered in CN"],
        ["fe80::1", "Next to this computer", "link-local", "no further"],
        ["198.18.0.1", "Test network", "proxy", "made up"],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    assert!(said.err.contains("An estimate as of 20"), "{said:?}");
}

#[test]
fn the_answer_as_json() {
    let said = quay(["lookup", "--json", "8.8.8.8", "10.0.0.1"]);
    let json = said.json();
    assert_eq!((said.code, &json["schema"]), (Some(0), &1.into()), "{json}");
    assert!(json["as_of"].as_str().is_some_and(|day| day.len() == 10), "{json}");
    let whose = |place: usize| &json["addresses"][place]["whose"];
    assert_eq!(
        (&whose(0)["kind"], &whose(0)["asn"], &whose(0)["country"]),
        (&"network".into(), &15_169.into(), &"US".into())
    );
    assert_eq!((&whose(1)["kind"], &whose(1)["what"]), (&"special".into(), &"your_network".into()));
}

#[test]
fn what_is_no_address_is_said() {
    for typed in ["localhost", "1.2.3.4:80", "300.1.1.1"] {
        let said = quay(["lookup", typed]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(typed) && said.out.is_empty(), "{said:?}");
    }
    assert_eq!(quay(["lookup"]).code, Some(2));
}
