//! The shapes that `netsh` prints, in languages and code pages that differ: made by hand after its English output, with the words
//! that other languages could have. What matters is the bytes around the numbers.

use super::*;

const DYNAMIC: [(&str, &[u8]); 7] = [
    ("english", b"\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\nStart Port      : 49152\r\nNumber of Ports : 16384\r\n\r\n"),
    ("chinese, GBK", b"\r\n\xd0\xad\xd2\xe9 tcp \xb6\xaf\xcc\xac\xb6\xcb\xbf\xda\xb7\xb6\xce\xa7\r\n---------------------------------\r\n\xc6\xf4\xb6\xaf\xb6\xcb\xbf\xda        : 49152\r\n\xb6\xcb\xbf\xda\xca\xfd          : 16384\r\n\r\n"),
    ("chinese with wide colons, GBK", b"\r\n\xd0\xad\xd2\xe9 udp \xb6\xaf\xcc\xac\xb6\xcb\xbf\xda\xb7\xb6\xce\xa7\r\n---------------------------------\r\n\xc6\xf4\xb6\xaf\xb6\xcb\xbf\xda\xa3\xba49152\r\n\xb6\xcb\xbf\xda\xca\xfd\xa3\xba16384\r\n\r\n"),
    ("german, 850", b"\r\nDynamischer Portbereich f\x81r Protokoll \"tcp\"\r\n---------------------------------\r\nStartport     : 49152\r\nAnzahl Ports  : 16384\r\n\r\n"),
    ("japanese, Shift JIS", b"\r\n\x83v\x83\x8d\x83g\x83R\x83\x8b tcp \x82\xcc\x93\xae\x93I\x83|\x81[\x83g\x82\xcc\x94\xcd\x88\xcd\r\n---------------------------------\r\n\x8aJ\x8en\x83|\x81[\x83g\x81F49152\r\n\x83|\x81[\x83g\x90\x94\x81F16384\r\n\r\n"),
    ("french with a hard space, 850", b"\r\nPlage de ports dynamiques du protocole tcp\r\n---------------------------------\r\nPort de d\x82marrage\xff: 49152\r\nNombre de ports\xff: 16384\r\n\r\n"),
    ("russian, 866", b"\r\n\x84\xa8\xa0\xaf\xa0\xa7\xae\xad \xa4\xa8\xad\xa0\xac\xa8\xe7\xa5\xe1\xaa\xa8\xe5 \xaf\xae\xe0\xe2\xae\xa2 \xaf\xe0\xae\xe2\xae\xaa\xae\xab\xa0 tcp\r\n---------------------------------\r\n\x8d\xa0\xe7\xa0\xab\xec\xad\xeb\xa9 \xaf\xae\xe0\xe2   : 49152\r\n\x97\xa8\xe1\xab\xae \xaf\xae\xe0\xe2\xae\xa2     : 16384\r\n\r\n"),
];

const EXCLUDED: [(&str, &[u8]); 7] = [
    ("english", b"\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - Administered port exclusions.\r\n\r\n"),
    ("chinese, GBK", b"\r\n\xd0\xad\xd2\xe9 tcp \xb6\xcb\xbf\xda\xc5\xc5\xb3\xfd\xb7\xb6\xce\xa7\r\n\r\n\xbf\xaa\xca\xbc\xb6\xcb\xbf\xda    \xbd\xe1\xca\xf8\xb6\xcb\xbf\xda      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - \xb9\xdc\xc0\xed\xb5\xc4\xb6\xcb\xbf\xda\xc5\xc5\xb3\xfd\xa1\xa3\r\n\r\n"),
    ("chinese with wide colons, GBK", b"\r\n\xd0\xad\xd2\xe9 udp \xb6\xcb\xbf\xda\xc5\xc5\xb3\xfd\xb7\xb6\xce\xa7\r\n\r\n\xbf\xaa\xca\xbc\xb6\xcb\xbf\xda    \xbd\xe1\xca\xf8\xb6\xcb\xbf\xda      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - \xb9\xdc\xc0\xed\xb5\xc4\xb6\xcb\xbf\xda\xc5\xc5\xb3\xfd\xa1\xa3\r\n\r\n"),
    ("german, 850", b"\r\nPortausschlussbereiche f\x81r Protokoll \"tcp\"\r\n\r\nStartport     Endport      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - Verwaltete Portausschl\x81sse.\r\n\r\n"),
    ("japanese, Shift JIS", b"\r\n\x83v\x83\x8d\x83g\x83R\x83\x8b tcp \x83|\x81[\x83g\x8f\x9c\x8aO\x94\xcd\x88\xcd\r\n\r\n\x8aJ\x8en\x83|\x81[\x83g    \x8fI\x97\xb9\x83|\x81[\x83g      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - \x8a\xc7\x97\x9d\x82\xb3\x82\xea\x82\xbd\x83|\x81[\x83g\x8f\x9c\x8aO\x81B\r\n\r\n"),
    ("french with a hard space, 850", b"\r\nPlages d'exclusion de ports du protocole tcp\r\n\r\nPort de d\x82but  Port de fin      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - Exclusions de ports administr\x82es.\r\n\r\n"),
    ("russian, 866", b"\r\n\x84\xa8\xa0\xaf\xa0\xa7\xae\xad\xeb \xa8\xe1\xaa\xab\xee\xe7\xa5\xad\xa8\xef \xaf\xae\xe0\xe2\xae\xa2 1 \xa8 2 \xaf\xe0\xae\xe2\xae\xaa\xae\xab\xa0 tcp\r\n\r\n\x8d\xa0\xe7\xa0\xab\xec\xad\xeb\xa9 \xaf\xae\xe0\xe2 1    \x8a\xae\xad\xa5\xe7\xad\xeb\xa9 \xaf\xae\xe0\xe2 2      \r\n----------    --------      \r\n      5357        5357      \r\n     50000       50059     *\r\n      1031        1130      \r\n\r\n* - \x80\xa4\xac\xa8\xad\xa8\xe1\xe2\xe0\xa8\xe0\xe3\xa5\xac\xeb\xa5 \xa8\xe1\xaa\xab\xee\xe7\xa5\xad\xa8\xef \xaf\xae\xe0\xe2\xae\xa2.\r\n\r\n"),
];

#[test]
fn the_dynamic_range_in_every_language() {
    for (language, text) in DYNAMIC {
        assert_eq!(dynamic(text), Some(49_152..=65_535), "{language}");
    }
}

#[test]
fn the_excluded_ranges_in_every_language() {
    let range = |ports, administered| Excluded { ports, forbidden: true, administered };
    let expected = [range(1031..=1130, false), range(5357..=5357, false), range(50_000..=50_059, true)];
    for (language, text) in EXCLUDED {
        assert_eq!(excluded(text).as_deref(), Some(&expected[..]), "{language}");
    }
}

#[test]
fn no_range_is_an_answer_and_no_table_is_none() {
    let empty = b"\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port\r\n----------    --------\r\n";
    assert_eq!(excluded(empty), Some(vec![]));
    assert_eq!(excluded(&[empty, &b"\r\n* - Administered port exclusions.\r\n"[..]].concat()), Some(vec![]));
    assert_eq!(excluded(&[empty, &b"* - Administered port exclusions.\r\n"[..]].concat()), Some(vec![]));
    for nothing in
        [&b""[..], b"\r\n", b"The following command was not found: interface ipv4 show 1 2\r\n", &[0xff; 999]]
    {
        assert_eq!((dynamic(nothing), excluded(nothing)), (None, None));
    }
}

#[test]
fn half_understood_is_not_understood() {
    let below = |rows: &str| [b"Header 1 2\n----------    --------\n", rows.as_bytes()].concat();
    for rows in [
        "80\n",
        "80 81 82\n",
        "80 81 * *\n",
        "81 80\n",
        "80 65536\n",
        "-80 81\n",
        "+80 81\n",
        "80 81x\n",
        "80 81\nx 1\n",
    ] {
        assert_eq!(excluded(&below(rows)), None, "{rows:?}");
    }
    for rows in
        ["a: 1\n", "a: 1\nb: 2\nc: 3\n", "a: 0\nb: 10\n", "a: 10\nb: 0\n", "a: 65535\nb: 2\n", "a: 99999\nb: 2\nc: 3\n"]
    {
        assert_eq!(dynamic(&below(rows)), None, "{rows:?}");
    }
    assert_eq!(dynamic(&below("a: 65535\nb: 1\n")), Some(65_535..=65_535));
    assert_eq!(dynamic(&below("a: 1\nb: 65535\n")), Some(1..=65_535));
}

#[test]
fn no_cut_of_a_text_says_more_than_the_text() {
    for (_, text) in EXCLUDED {
        let whole = excluded(text).unwrap_or_default();
        for length in 0..text.len() {
            let said = excluded(&text[..length]).unwrap_or_default();
            assert!(said.len() <= whole.len());
        }
    }
}
