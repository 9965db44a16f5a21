//! Where requests for access arrive as mail, written as an address.

use openbok_services::access_mail::ImapAddress;

use super::server_address::ServerAddress;

/// Reads `imaps://USER:PASSWORD@HOST/MAILBOX`, or `imap://` for STARTTLS; that one is plain to this machine unless the query
/// says `tls=starttls`. Without a mailbox it is `INBOX`; `ca=FILE` names a certificate authority to trust beside the public
/// ones.
///
/// # Errors
/// What is wrong, without quoting the address: it holds a password.
pub fn parse(text: &str) -> Result<ImapAddress, String> {
    let address = ServerAddress::parse(text, [("imap", 143), ("imaps", 993)])
        .map_err(|fault| fault.in_words("imaps://USER:PASSWORD@HOST/MAILBOX or imap://…"))?;
    let (user, password) = address.credentials.ok_or("names no user and password")?;
    let mailbox = match address.path.trim_matches('/') {
        "" => "INBOX",
        named => named,
    };
    // Other letters are written in an encoding of their own (RFC 3501, 5.1.3), as servers' own tools show them.
    if !mailbox.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err("names a mailbox with letters outside ASCII; write it as the server's list shows it".to_owned());
    }
    if user.is_empty() || [&user, &password].iter().any(|text| text.contains('\0')) {
        return Err("names a user or password that no server takes".to_owned());
    }
    Ok(ImapAddress {
        host: address.host,
        port: address.port,
        security: address.security,
        user,
        password: password.into(),
        mailbox: mailbox.to_owned(),
        authority_pem: address.authority_pem,
    })
}

#[cfg(test)]
mod tests {
    use openbok_services::MailSecurity;
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn reads_host_user_and_mailbox() {
        let address = parse("imaps://pgb%40operator.example:p%3Aa%25ss@imap.example/Wnioski/2026").unwrap();
        assert_eq!((address.host.as_str(), address.port), ("imap.example", 993));
        assert_eq!((address.user.as_str(), address.password.expose_secret()), ("pgb@operator.example", "p:a%ss"));
        assert_eq!(address.mailbox, "Wnioski/2026");
        let address = parse("imap://u:p@imap.example:1143").unwrap();
        assert_eq!((address.port, address.mailbox.as_str()), (1143, "INBOX"));
    }

    #[test]
    fn r69_demands_tls_of_every_server_but_this_machine() {
        let security = |text: &str| parse(text).unwrap().security;
        assert_eq!(security("imaps://u:p@imap.example"), MailSecurity::Tls);
        assert_eq!(security("imap://u:p@imap.example"), MailSecurity::StartTls);
        assert_eq!(security("imap://u:p@127.0.0.1/"), MailSecurity::LoopbackOnly);
        assert_eq!(security("imap://u:p@localhost?tls=starttls"), MailSecurity::StartTls);
        assert!(parse("imap://u:p@imap.example?tls=none").is_err());
    }

    #[test]
    fn says_what_is_wrong_without_quoting_a_password() {
        for (text, reason) in [
            ("smtp://u:hunter2@imap.example", "must be imaps://"),
            ("imaps://imap.example", "names no user"),
            ("imaps://hunter2@imap.example", "without a password"),
            ("imaps://:hunter2@imap.example", "no server takes"),
            ("imaps://u:hunter2%00@imap.example", "no server takes"),
            ("imaps://u:hunter2@imap.example/%C5%BB", "outside ASCII"),
            ("imaps://u:hunter2@imap.example?x=1", "unknown part"),
            ("imaps://u:p@imap.example?hunter2", "unknown part"),
            ("imaps://u:p@imap.example/?hunter2=1&tls=starttls", "unknown part"),
            ("imaps://u:p@imap.example?ca=/hunter2", "cannot be read"),
            ("hunter2", "must be imaps://"),
        ] {
            let complaint = parse(text).unwrap_err();
            assert!(complaint.contains(reason) && !complaint.contains("hunter2"), "{text}: {complaint}");
        }
    }

    #[test]
    fn hides_the_password() {
        assert!(!format!("{:?}", parse("imaps://u:hunter2@imap.example")).contains("hunter2"));
    }
}
