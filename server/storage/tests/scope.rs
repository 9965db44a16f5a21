//! A row that belongs to an operator is written in that operator's name alone. The statements themselves are read: a query
//! that forgets its operator passes every other test as long as the ids it is given are right.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

/// What belongs to nobody: the worker takes the mails of all operators, and sessions are cleaned up by their age.
const ACROSS_OPERATORS: [&str; 4] = [
    "UPDATE outbox ",
    "DELETE FROM outbox ",
    "DELETE FROM sessions WHERE seen_at < $1",
    "DELETE FROM staff_sessions WHERE seen_at < $1",
];

/// All files of a folder in one text.
fn read(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// Tables with a column `operator`.
fn tables() -> Vec<String> {
    let tables = read("migrations/postgres");
    let tables = tables.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split_once(" ("));
    let belongs = |columns: &str| {
        let columns = columns.split_once("\n);").map_or(columns, |(columns, _)| columns);
        columns.lines().any(|line| line.trim_start().starts_with("operator "))
    };
    tables.filter(|(_, columns)| belongs(columns)).map(|(name, _)| name.to_owned()).collect()
}

/// Every statement of the repositories that begins with these words, in one line each.
fn statements(verb: &str) -> Vec<String> {
    let source = read("src");
    let beginning = format!("\"{verb} ");
    let literals = source.match_indices(&beginning).map(|(start, _)| &source[start + 1..]);
    let statement = |literal: &str| {
        let (text, _) = literal.split_once('"').unwrap();
        text.replace('\\', " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    literals.map(statement).collect()
}

#[test]
fn r37_every_write_to_a_row_of_an_operator_names_the_operator() {
    let tables = tables();
    assert!(["accounts", "plans", "staff", "invitations"].iter().all(|name| tables.iter().any(|table| table == name)));
    let table_of = |statement: &str, verb: &str| {
        let name = statement[verb.len()..].split_whitespace().next().unwrap();
        tables.iter().any(|table| table == name)
    };
    let mut checked = 0;
    for verb in ["UPDATE", "DELETE FROM"] {
        for statement in statements(verb).into_iter().filter(|statement| table_of(statement, verb)) {
            let is_scoped =
                statement.split_once(" WHERE ").is_some_and(|(_, condition)| condition.contains("operator = "));
            let is_exempt = ACROSS_OPERATORS.iter().any(|exempt| statement.starts_with(exempt));
            assert!(is_scoped || is_exempt, "{statement}");
            checked += 1;
        }
    }
    for statement in statements("INSERT INTO").into_iter().filter(|statement| table_of(statement, "INSERT INTO")) {
        let replaces = statement.contains("DO UPDATE");
        assert!(!replaces || statement.contains("ON CONFLICT (operator"), "{statement}");
        checked += 1;
    }
    assert!(checked > 50, "the statements are found: {checked}");
}
