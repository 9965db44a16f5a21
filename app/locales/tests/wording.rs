//! Words that customers and the operators' printed instructions rely on, and how generated messages are called.

use openbok_domain::Lang;
use openbok_locales::{
    activation, common, errors, invoices, mails, password, recovery, registration, settings, sign_in,
};

#[test]
fn keeps_the_labels_that_polish_customers_know() {
    let labels = [
        (common::EDIT_ACCOUNT, "Edytuj konto"),
        (common::SIGN_OUT, "Wyloguj"),
        (sign_in::FIELD_LOGIN, "Login"),
        (sign_in::FIELD_PASSWORD, "Hasło"),
        (sign_in::REMEMBER_ME, "Zapamiętaj mnie"),
        (sign_in::SUBMIT, "Zaloguj się"),
        (sign_in::FORGOT_PASSWORD, "Nie pamiętasz hasła?"),
        (sign_in::FORGOT_LOGIN, "Nie pamiętasz nazwy użytkownika?"),
        (sign_in::FIRST_TIME, "Pierwszy raz tutaj?"),
        (sign_in::REGISTER, "Zarejestruj się"),
        (registration::TITLE, "EBOK / Rejestracja"),
        (registration::FIELD_CUSTOMER_KIND, "Typ klienta"),
        (registration::KIND_INDIVIDUAL, "Klient indywidualny"),
        (registration::KIND_BUSINESS, "Klient biznesowy"),
        (registration::FIELD_PESEL, "PESEL"),
        (registration::FIELD_NIP, "NIP"),
        (registration::FIELD_CONTRACT_NUMBER, "Numer umowy"),
        (registration::FIELD_LOGIN, "Login"),
        (registration::FIELD_LOGIN_REPEAT, "Powtórz login"),
        (registration::FIELD_PHONE, "Tel. komórkowy"),
        (registration::FIELD_EMAIL, "Adres email"),
        (registration::FIELD_TERMS, "Akceptacja regulaminu"),
        (registration::FIELD_COOKIES, "Korzystanie z plików cookie"),
        (registration::MORE, "Więcej"),
        (registration::SUBMIT, "Zarejestruj się"),
        (registration::DONE_TITLE, "Udało się!"),
        (activation::TITLE, "Aktywacja konta"),
        (password::REQUIRED_TITLE, "Wymagana zmiana hasła"),
        (password::CHANGE_TITLE, "Zmień hasło"),
        (recovery::PASSWORD_TITLE, "EBOK / Odzyskiwanie hasła"),
        (recovery::LOGIN_TITLE, "EBOK / Odzyskiwanie loginu"),
        (recovery::LOGIN_SUBMIT, "Przypomnij login"),
        (settings::TITLE, "Ustawienia"),
        (settings::CUSTOMER_DATA, "Zmiana danych klienta"),
    ];
    for (label, expected) in labels {
        assert_eq!(label.get(Lang::Pl), expected);
    }
}

#[test]
fn fills_arguments_by_name_and_counts_by_language() {
    assert_eq!(common::page_title(Lang::Pl, "Polana", "Faktury"), "Faktury – Polana");
    assert_eq!(invoices::detail_title(Lang::Uk, "7/2026"), "Рахунок 7/2026");
    assert_eq!(errors::too_many(Lang::Pl, 22), "Spróbuj jeszcze raz za 22 minuty.");
    assert_eq!(errors::too_many(Lang::Uk, 21), "Спробуйте ще раз через 21 хвилину.");
    assert_eq!(errors::too_many(Lang::En, 1), "Try again in 1 minute.");
    assert_eq!(mails::activation_validity(Lang::Pl, 24), "Link działa przez 24 godziny i tylko raz.");
}

#[test]
fn says_five_attempts_and_the_office_phone_under_a_failed_sign_in() {
    let phone = "22 000 00 00";
    for &lang in Lang::ALL {
        for text in [
            sign_in::lockout_staff(lang, phone),
            sign_in::lockout_time(lang, 30, phone),
            sign_in::lockout_mail(lang, phone),
        ] {
            assert!(text.contains(phone), "{text}");
            assert!(["pięciu", "п’яти", "five"].iter().any(|five| text.contains(five)), "{text}");
        }
    }
}
