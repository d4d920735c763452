//! The text of SPEC.md itself.

/// The most columns of a line of SPEC.md. No line is exempt.
const MAX_COLUMNS: usize = 100;

const TEXT: &str = include_str!("../../SPEC.md");

#[test]
fn no_line_is_longer_than_100_columns() {
    let columns = |line: &str| line.chars().count();
    let too_long: Vec<String> = TEXT
        .lines()
        .zip(1..)
        .filter(|(line, _)| columns(line) > MAX_COLUMNS)
        .map(|(line, number)| format!("{number}: {} columns: {line}", columns(line)))
        .collect();
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
    assert!(TEXT.lines().count() > 1000, "SPEC.md is not read");
}

#[test]
fn all_rows_of_a_table_have_the_same_number_of_cells() {
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut tables = 0;
    let mut columns = 0;
    for (line, number) in TEXT.lines().zip(1..) {
        if !line.starts_with('|') {
            columns = 0;
            continue;
        }
        if columns == 0 {
            columns = cells(line);
            tables += 1;
        }
        assert_eq!(cells(line), columns, "line {number}: {line}");
        assert!(line.ends_with('|'), "line {number}: {line}");
    }
    assert!(tables > 15, "{tables} tables");
}
