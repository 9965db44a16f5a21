use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;

fn own() -> EmailAddress {
    EmailAddress::parse("portal@pgb.example").unwrap()
}

fn letter(raw: &[u8]) -> Letter {
    read_letter(raw, &own())
}

fn request(raw: impl AsRef<[u8]>) -> FoundRequest {
    match letter(raw.as_ref()) {
        Letter::Request(request) => *request,
        Letter::Ignored(reason) => panic!("ignored: {reason:?}"),
    }
}

/// A letter from Ewa with these further headers and this body.
fn from_ewa(headers: &str, body: &str) -> Vec<u8> {
    let usual = "From: =?utf-8?Q?Ewa_=C5=BB=C3=B3=C5=82w?= <ewa@wiatrak.example>\r\nTo: pgb@pgb.example\r\n\
                 Message-ID: <1@wiatrak.example>\r\nSubject: =?iso-8859-2?Q?Dost=EAp?=\r\n";
    format!("{usual}{headers}\r\n{body}").into_bytes()
}

/// What was found, in words.
fn found(request: &FoundRequest) -> [Option<&str>; 3] {
    [request.company.as_deref(), request.email.as_ref().map(EmailAddress::as_str), request.phone.as_deref()]
}

const ALL: [Option<&str>; 3] =
    [Some("Wiatrak Północ sp. z o.o."), Some("biuro@wiatrak.example"), Some("+48 600 700 800")];

#[test]
fn reads_letters_as_people_write_them_in_three_languages() {
    for (body, expected) in [
        (
            "Dzień dobry,\n\nproszę o dostęp do planowania.\n\nFirma: Wiatrak Północ sp. z o.o.\nE-mail: biuro@wiatrak.example\nTel.: 600 700 800\n\nPozdrawiam\nEwa",
            ALL,
        ),
        (
            "Zwracam się z prośbą o założenie konta dla Wiatrak Północ sp. z o.o., adres biuro@wiatrak.example, telefon 600-700-800.",
            ALL,
        ),
        (
            "Proszę o dostęp.\n-- \nEwa Żółw\nWiatrak Północ sp. z o.o.\ntel. +48 600 700 800\nbiuro@wiatrak.example",
            ALL,
        ),
        (
            "Good morning, please give North Wind Ltd. access to the planning portal. Our login shall be plan@wind.example, you reach us at +48 22 123 45 67.",
            [Some("North Wind Ltd."), Some("plan@wind.example"), Some("+48 22 123 45 67")],
        ),
        (
            "Добрий день!\nПрошу надати доступ.\nНазва підприємства: ТОВ «Вітряк Північ»\nЕлектронна пошта (логін): plan@vitriak.example\nТелефон: 067 123 45 67",
            [Some("ТОВ «Вітряк Північ»"), Some("plan@vitriak.example"), Some("+380 67 123 45 67")],
        ),
        (
            "Прошу надати доступ ПрАТ «Біогаз», пошта plan@biogas.example, моб. (050) 123-45-67",
            [Some("ПрАТ «Біогаз»"), Some("plan@biogas.example"), Some("+380 50 123 45 67")],
        ),
        ("Proszę o dostęp dla nas, tel. 600 700 800", [None, Some("ewa@wiatrak.example"), Some("+48 600 700 800")]),
        ("Proszę o kontakt: jan@a.example albo ola@b.example", [None, None, None]),
        ("E-mail: jan@a.example\nE-mail: ewa@wiatrak.example", [None, None, None]),
        ("Proszę o kontakt: jan@a.example albo ewa@wiatrak.example", [None, Some("ewa@wiatrak.example"), None]),
        ("Piszę na pgb@pgb.example i portal@pgb.example.", [None, Some("ewa@wiatrak.example"), None]),
        ("", [None, Some("ewa@wiatrak.example"), None]),
    ] {
        let request = request(from_ewa("Content-Type: text/plain; charset=utf-8\r\n", body));
        assert_eq!(found(&request), expected, "{body}");
        assert_eq!(request.subject, "Dostęp");
        assert!(!request.is_cut);
    }
}

#[test]
fn reads_every_usual_charset_and_encoding() {
    let polish = |bytes: &[u8], o, l| {
        let mut text = b"Firma: Wiatrak P".to_vec();
        text.extend([o, l]);
        text.extend(bytes);
        text
    };
    let ukrainian = "Компанія: Вітряк Ґанок";
    let koi8_u = b"\xEB\xCF\xCD\xD0\xC1\xCE\xA6\xD1: \xF7\xA6\xD4\xD2\xD1\xCB \xBD\xC1\xCE\xCF\xCB".to_vec();
    let windows_1251 = b"\xCA\xEE\xEC\xEF\xE0\xED\xB3\xFF: \xC2\xB3\xF2\xF0\xFF\xEA \xA5\xE0\xED\xEE\xEA".to_vec();
    for (charset, bytes, company) in [
        ("iso-8859-2", polish(b"noc \xB1\xB6", 0xF3, 0xB3), "Wiatrak Północ ąś"),
        ("windows-1250", polish(b"noc \xB9\x9C", 0xF3, 0xB3), "Wiatrak Północ ąś"),
        ("windows-1251", windows_1251, "Вітряк Ґанок"),
        ("koi8-u", koi8_u, "Вітряк Ґанок"),
        ("utf-8", ukrainian.as_bytes().to_vec(), "Вітряк Ґанок"),
    ] {
        let quoted = bytes.iter().map(|byte| format!("={byte:02X}")).collect::<Vec<_>>().concat();
        let quoted =
            quoted.as_bytes().chunks(72).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("=\r\n");
        let encoded = [
            ("8bit", bytes.clone()),
            ("base64", STANDARD.encode(&bytes).into_bytes()),
            ("quoted-printable", quoted.into_bytes()),
        ];
        for (encoding, body) in encoded {
            let headers =
                format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n");
            let raw = [from_ewa(&headers, ""), body].concat();
            assert_eq!(request(raw).company.as_deref(), Some(company), "{charset} {encoding}");
        }
    }
}

#[test]
fn reads_html_where_there_is_no_text() {
    let html = "<html><head><style>p{}</style></head><body><table><tr><td>Firma</td><td>Wiatrak P&oacute;&#322;noc sp. z o.o.</td></tr>\
                <tr><td>E-mail</td><td><a href=\"mailto:x\">biuro@wiatrak.example</a></td></tr>\
                <tr><td>Telefon</td><td>600&nbsp;700&nbsp;800</td></tr></table></body></html>";
    assert_eq!(found(&request(from_ewa("Content-Type: text/html; charset=utf-8\r\n", html))), ALL);

    let alternative = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
    );
    let request = request(from_ewa("Content-Type: multipart/alternative; boundary=b\r\n", &alternative));
    assert_eq!(found(&request), ALL);
    assert!(!request.text.contains('<'), "{}", request.text);
}

#[test]
fn reads_the_text_beside_attachments_and_leaves_those_alone() {
    let body = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nFirma: Wiatrak\r\n--b\r\n\
                Content-Type: text/plain; name=\"inne.txt\"\r\nContent-Disposition: attachment; filename=\"inne.txt\"\r\n\r\n\
                tel. 600 700 800\r\n--b--\r\n";
    let request = request(from_ewa("Content-Type: multipart/mixed; boundary=b\r\n", body));
    assert_eq!(found(&request), [Some("Wiatrak"), Some("ewa@wiatrak.example"), None]);
}

#[test]
fn reads_a_letter_that_staff_passes_on_in_the_text_or_as_an_attachment() {
    let in_text = "Do obsługi\r\n\r\n---------- Forwarded message ---------\r\nOd: Jan <jan@młyn.example> <jan@mlyn.example>\r\n\
                   Do: <pgb@pgb.example>\r\n\r\nFirma: Młyn\r\ntel. 600 700 800\r\n-- \r\nJan";
    let expected = [Some("Młyn"), Some("jan@mlyn.example"), Some("+48 600 700 800")];
    assert_eq!(found(&request(from_ewa("Content-Type: text/plain; charset=utf-8\r\n", in_text))), expected);

    let attached = "--b\r\nContent-Type: text/plain\r\n\r\nDo obslugi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                    From: jan@mlyn.example\r\nMessage-ID: <2@mlyn.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                    Firma: Młyn\r\ntel. 600 700 800\r\n--b--\r\n";
    let request = request(from_ewa("Content-Type: multipart/mixed; boundary=b\r\n", attached));
    assert_eq!(found(&request), expected);
    let ewa = EmailAddress::parse("ewa@wiatrak.example").unwrap();
    let of_outer = Fingerprint::of_message_id("1@wiatrak.example", Some(&ewa));
    assert_eq!(request.fingerprint, of_outer, "of the letter that was taken");
}

#[test]
fn does_not_take_who_passes_a_letter_on_for_who_wrote_it() {
    let signature = "Anna Kowal\r\nEnergia Polana S.A.\r\ne-mail: anna@pgb.example\r\ntel. 601 701 801\r\n";
    let written = "Pani Anno (ewa@wiatrak.example), proszę o dostęp dla nas.";
    for dashes in ["-- \r\n", "\r\n"] {
        let in_text = format!(
            "Do obsługi\r\n{dashes}{signature}\r\n-----Original Message-----\r\nFrom: Jan <jan@mlyn.example>\r\n\
             Sent: Tuesday\r\nTo: BOK\r\n\r\n{written}"
        );
        let in_text = from_ewa("Content-Type: text/plain; charset=utf-8\r\n", &in_text);
        let in_text = String::from_utf8(in_text).unwrap().replace("Subject: ", "Subject: FW: ");
        assert_eq!(found(&request(in_text)), [None, Some("jan@mlyn.example"), None], "{dashes:?}");

        let attached = format!(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDo obsługi\r\n{dashes}{signature}--b\r\n\
             Content-Type: message/rfc822\r\n\r\nFrom: jan@mlyn.example\r\nContent-Type: text/plain; charset=utf-8\r\n\
             \r\n{written}\r\n--b--\r\n"
        );
        let request = request(from_ewa("Content-Type: multipart/mixed; boundary=b\r\n", &attached));
        assert_eq!(found(&request), [None, Some("jan@mlyn.example"), None], "{dashes:?}");
        assert!(request.text.contains("Energia Polana"), "people read it all");
    }
}

#[test]
fn does_not_take_what_a_quoted_letter_says_but_keeps_it_for_people() {
    let body = "Firma: Wiatrak\r\n\r\nW dniu 24.11.2026 o 15:00, BOK pisze:\r\n> Firma: Obca\r\n> tel. 601 701 801\r\n";
    let request = request(from_ewa("Content-Type: text/plain; charset=utf-8\r\n", body));
    assert_eq!(found(&request), [Some("Wiatrak"), Some("ewa@wiatrak.example"), None]);
    assert!(request.text.contains("Obca"));
}

#[test]
fn ignores_what_programs_write() {
    for (headers, reason) in [
        ("Auto-Submitted: auto-replied\r\n", Ignored::Automatic),
        ("Auto-Submitted: auto-generated; type=x\r\n", Ignored::Automatic),
        ("X-Autoreply: yes\r\n", Ignored::Automatic),
        ("Precedence: auto_reply\r\n", Ignored::Automatic),
        ("Precedence: Bulk\r\n", Ignored::Bulk),
        ("precedence: junk\r\n", Ignored::Bulk),
        ("Return-Path: <>\r\n", Ignored::Bounce),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", Ignored::Bounce),
        ("Sender: Portal@PGB.example\r\n", Ignored::Own),
    ] {
        assert_eq!(letter(&from_ewa(headers, "Firma: Wiatrak")), Letter::Ignored(reason), "{headers}");
    }
    for (from, reason) in [
        ("MAILER-DAEMON@mail.example", Ignored::Bounce),
        ("Mail <postmaster@mail.example>", Ignored::Bounce),
        ("Portal <portal@pgb.example>", Ignored::Own),
        ("PORTAL@PGB.EXAMPLE", Ignored::Own),
    ] {
        let raw = format!("From: {from}\r\nSubject: x\r\n\r\nFirma: Wiatrak");
        assert_eq!(letter(raw.as_bytes()), Letter::Ignored(reason), "{from}");
    }
}

#[test]
fn does_not_ignore_what_people_write() {
    for headers in [
        "Auto-Submitted: no\r\n",
        "Auto-Submitted: No\r\n",
        "Precedence: first-class\r\n",
        "Return-Path: <ewa@wiatrak.example>\r\n",
    ] {
        request(from_ewa(headers, "Firma: Wiatrak"));
    }
    request("From: postmaster.jan@mail.example\r\n\r\nFirma: Wiatrak");
}

#[test]
fn recognises_a_letter_by_its_identifier_and_sender_or_by_its_bytes() {
    let fingerprint = |raw: &str| request(raw).fingerprint;
    let with_id = "Message-ID: <1@a.example>\r\nFrom: a@a.example\r\n\r\n";
    assert_eq!(
        fingerprint(with_id),
        fingerprint(&format!("Received: by x; Tue, 24 Nov 2026 15:00:00 +0000\r\n{with_id}b"))
    );
    assert_ne!(fingerprint(with_id), fingerprint("Message-ID: <2@a.example>\r\nFrom: a@a.example\r\n\r\n"));
    // Who knows an identifier cannot keep the letter that has it from being taken.
    assert_ne!(fingerprint(with_id), fingerprint("Message-ID: <1@a.example>\r\nFrom: b@a.example\r\n\r\n"));
    assert_eq!(fingerprint("Subject: x\r\n\r\na"), fingerprint("Subject: x\r\n\r\na"));
    assert_ne!(fingerprint("Subject: x\r\n\r\na"), fingerprint("Subject: x\r\n\r\nb"));
}

#[test]
fn leaves_what_is_no_letter_to_be_completed_by_hand() {
    for raw in [&b""[..], b"\0\x01\xFF", b"no header", "ąć".as_bytes()] {
        let request = request(raw);
        assert_eq!(found(&request), [None; 3], "{raw:?}");
    }
    assert_eq!(request("Nagłówka tu nie ma").text, "Nagłówka tu nie ma");
}

#[test]
fn cuts_what_is_too_long() {
    let raw = from_ewa("Content-Type: text/plain\r\n", &format!("Firma: Wiatrak\r\n{}", "x ".repeat(1 << 20)));
    let request = request(raw);
    assert!(request.is_cut);
    assert_eq!(request.text.chars().count(), MAX_TEXT_CHARS);
    assert_eq!(request.company.as_deref(), Some("Wiatrak"));
}

#[test]
fn reads_the_text_of_a_letter_whose_attachment_is_cut_off() {
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nFirma: Wiatrak\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}",
        "QUJDREVG\r\n".repeat(200_000)
    );
    let request = request(from_ewa("Content-Type: multipart/mixed; boundary=b\r\n", &body));
    assert!(request.is_cut);
    assert_eq!(request.company.as_deref(), Some("Wiatrak"));
}

#[test]
fn survives_letters_that_are_made_to_hurt() {
    let size = usize::try_from(MAX_LETTER_BYTES).unwrap();
    let nested = "Content-Type:message/rfc822\n\n".repeat(size / 29);
    let wrapped = format!(
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}",
        STANDARD.encode(&nested[..size / 4 * 3 - 100])
    );
    for raw in [
        nested,
        wrapped,
        "Content-Type:multipart/mixed;boundary=b\n\n--b\n".repeat(size / 47),
        "Content-Type:multipart/digest;boundary=b\n\n--b\n".repeat(size / 48),
        format!("Content-Type: a/b; {}", (0..size / 10).map(|n| format!("{n:05}*1=a;")).collect::<Vec<_>>().concat()),
        format!("Content-Type: a/b; {}", (1..size / 10).map(|n| format!("a*{n:05}=b;")).collect::<Vec<_>>().concat()),
        format!("From: {}", "<a@b.example>,".repeat(size / 14)),
        format!("Subject: {}\n\n", "=?utf-8?B?xIU=?= ".repeat(size / 17)),
        format!("Subject: x\n\n{}", "sp. z o.o. ".repeat(size / 11)),
        format!("Subject: x\n\n{}", "\"A ".repeat(size / 3)),
        format!("Subject: x\n\n{}", "1/".repeat(size / 2)),
        format!("Subject: x\n\n{}", "Firma: , ".repeat(size / 9)),
        format!("Subject: x\n\n{}", "Od:\n".repeat(size / 4)),
        format!("Subject: x\nContent-Type: text/html\n\n{}", "<div".repeat(size / 4)),
        format!("Subject: x\nContent-Type: text/html\n\n{}", "&".repeat(size - 50)),
    ] {
        let _ = letter(raw.as_bytes());
    }
}

#[test]
fn does_not_print_what_a_letter_says() {
    let shown = format!("{:?}", letter(&from_ewa("", "Firma: Wiatrak\r\ntel. 600 700 800\r\n")));
    for secret in ["Wiatrak", "wiatrak", "600", "ewa", "Dost"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_fails_whatever_the_bytes(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = letter(&raw);
    }

    #[test]
    fn never_fails_whatever_the_text(headers in "(Content-Type: (text/plain|text/html|multipart/mixed; boundary=b|message/rfc822)(; charset=(koi8-u|utf-8|x))?\r\n)?", text in "(?s).{0,400}|([A-Za-zżółЖ«»\"“.,:;/()+@<>&# \n-]|sp\\. z o\\.o\\.|ТОВ|[0-9]{1,9}|Firma|Tel|--b|Od: |pisze:){0,60}") {
        let raw = from_ewa(&headers, &text);
        if let Letter::Request(request) = letter(&raw) {
            prop_assert!(request.text.chars().count() <= MAX_TEXT_CHARS);
            prop_assert!(request.company.is_none_or(|name| name.chars().count() <= 200));
        }
    }
}
