//! R58: what a customer entrusts to the portal turns up nowhere but where it belongs.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::{Server, Visitor, mails, program};

const PESEL: &str = "44051401359";
const SURNAME: &str = "Kanarkowska";
const STREET: &str = "Zaułek Kanarkowy";
const EMAIL: &str = "kanarek.żółty@example.com";
const SECOND_EMAIL: &str = "kanarek-adres@example.com";
const PHONE: &str = "605987123";
const IBAN: &str = "PL61109010140000071219812874";
const LOGIN: &str = "kanarek-login";
const PASSWORD: &str = "Tajne-Gniazdo-Kanarka-7";
const WRONG_PASSWORD: &str = "Zgadywanka-Kanarka-8";

fn write_crm(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let files = [
        (
            "customers",
            format!(
                "customer_number,kind,pesel,surname,given_name,email,phone,street,postal_code,city,country\n\
                 K1,individual,{PESEL},{SURNAME},Kanaria,{SECOND_EMAIL},{PHONE},{STREET} 5,00-950,Warszawa,PL\n\
                 K2,individual,4405140135x,{SURNAME},Kanaria,{SECOND_EMAIL},{PHONE},{STREET} 5,00-950,Warszawa,PL\n"
            ),
        ),
        ("contracts", "contract_number,customer_number,status,commodity\nC/1,K1,active,electricity\n".to_owned()),
        (
            "payers",
            format!("payer_number,customer_number,name,iban,opening_balance\nP1,K1,Kanaria {SURNAME},{IBAN},0\n"),
        ),
        (
            "supply_points",
            format!(
                "supply_point_id,contract_number,payer_number,street,postal_code,city,country\n\
                 PPE-1,C/1,P1,{STREET} 5,00-950,Warszawa,PL\n"
            ),
        ),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
}

/// The newest mail with a word in it, once it is there.
fn mail_with(folder: &Path, word: impl Fn(&str) -> Option<String>) -> String {
    for _ in 0..200 {
        if let Some(found) = mails(folder).iter().find_map(|mail| word(&mail.replace("=\r\n", "").replace("=3D", "=")))
        {
            return found;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the mail did not come")
}

#[test]
fn r58_personal_data_and_secrets_leave_no_trace_in_logs_figures_database_and_backup() {
    let folder = crate::program::deployment();
    let folder = folder.path();
    let crm = folder.join("crm");
    write_crm(&crm);
    let imported = program(folder)
        .env("OPENBOK_LOG__LEVEL", "trace")
        .args(["import", "--operator", "mojbok", crm.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(imported.status.code(), Some(2), "one row is refused");

    let server = Server::start(folder);
    let mut visitor = Visitor::new(server.port, 1);
    // A mistyped set of data, then the right one.
    visitor.register(PESEL, "C/2", LOGIN, EMAIL, PHONE).unwrap();
    let email = SECOND_EMAIL;
    let answer = visitor.register(PESEL, "C/1", LOGIN, email, PHONE).unwrap();
    assert_eq!(answer.location.as_deref(), Some("/register/done"), "{}", answer.body);
    let token = mail_with(folder, |mail| {
        let rest = &mail[mail.find("token=")? + 6..];
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect())
    });
    visitor.get(&format!("/activate?token={token}")).unwrap();
    let answer = visitor.submit("/activate", "/api/activate", &[]).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    let one_time = mail_with(folder, |mail| {
        let mut words = mail.split_whitespace();
        words.find(|word| openbok_domain::OneTimePassword::looks_like(word)).map(str::to_owned)
    });
    for password in [WRONG_PASSWORD, &one_time] {
        visitor.submit("/sign-in", "/api/sign_in", &[("login", LOGIN), ("password", password)]).unwrap();
    }
    let fields = [("current_password", one_time.as_str()), ("new_password", PASSWORD), ("repeat_password", PASSWORD)];
    let answer = visitor.submit("/password-required", "/api/replace_password", &fields).unwrap();
    assert_eq!(answer.location.as_deref(), Some("/"), "{}", answer.body);
    let session = visitor.cookies["__Host-sid"].clone();
    for page in ["/", "/contracts", "/payers", "/supply-points", "/invoices", "/settings", "/invoices/unknown"] {
        visitor.get(page).unwrap();
    }
    assert!(visitor.get("/settings").unwrap().body.contains(email), "the customer sees own data");
    for (page, function, fields) in [
        ("/recover/password", "/api/recover_password", [("login", LOGIN)]),
        ("/recover/login", "/api/recover_login", [("email", email)]),
        ("/recover/login", "/api/recover_login", [("email", "no address: kanarek")]),
    ] {
        visitor.submit(page, function, &fields).unwrap();
    }
    visitor.get(&format!("/nothing/{PESEL}?email={email}&token={token}"));
    visitor.address.clear();
    let figures = visitor.get("/metrics").unwrap().body;
    assert!(figures.contains("# TYPE"), "{figures}");
    thread::sleep(Duration::from_secs(1));
    let reader = program(folder).args(["backup", "copy.db"]).status().unwrap();
    assert!(reader.success());
    let exported = program(folder)
        .env("OPENBOK_LOG__LEVEL", "trace")
        .args(["export", "--operator", "mojbok", "out"])
        .output()
        .unwrap();
    drop(server);

    let mut places = vec![
        ("words of the import", [imported.stdout, imported.stderr].concat()),
        ("words of the export", [exported.stdout, exported.stderr].concat()),
        ("figures", figures.into_bytes()),
        ("log", std::fs::read(folder.join("said.txt")).unwrap()),
        ("backup", std::fs::read(folder.join("copy.db")).unwrap()),
    ];
    for name in ["openbok.db", "openbok.db-wal"] {
        places.push(("database", std::fs::read(folder.join("openbok-data").join(name)).unwrap_or_default()));
    }
    let canaries = [
        PESEL,
        SURNAME,
        STREET,
        EMAIL,
        SECOND_EMAIL,
        PHONE,
        IBAN,
        LOGIN,
        PASSWORD,
        WRONG_PASSWORD,
        &one_time,
        &token,
        &session,
    ];
    for (place, bytes) in &places {
        for canary in canaries {
            let is_there = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
            assert!(!is_there, "{canary} stands in the {place}");
        }
    }
}
