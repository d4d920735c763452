use super::{Keyword, MAX_NESTING, Mark, TokenKind, tokenize};
use crate::diagnostics::Code;
use crate::source::{MAX_SOURCE_BYTES, SourceFile};

fn kinds(text: &str) -> Vec<TokenKind> {
    tokenize(&SourceFile::new("t.py", text))
        .expect("tokens")
        .into_iter()
        .map(|token| token.kind)
        .collect()
}

fn errors(text: &str) -> Vec<(Code, u32, u32)> {
    let source = SourceFile::new("t.py", text);
    tokenize(&source)
        .expect_err("errors")
        .into_iter()
        .map(|diagnostic| {
            let position = source.position(diagnostic.span.start);
            (diagnostic.code, position.line, position.column)
        })
        .collect()
}

fn name(text: &str) -> TokenKind {
    TokenKind::Name(text.into())
}

fn text(text: &str) -> TokenKind {
    TokenKind::Text(text.into())
}

#[test]
fn layout() {
    let expected = vec![
        TokenKind::Keyword(Keyword::If),
        name("a"),
        TokenKind::Mark(Mark::Colon),
        TokenKind::Newline,
        TokenKind::Indent,
        name("b"),
        TokenKind::Newline,
        TokenKind::Dedent,
        name("c"),
        TokenKind::Newline,
        TokenKind::End,
    ];
    assert_eq!(kinds("if a:\n    b\n\n\t# x\nc"), expected);
    // CRLF, a byte order mark and trailing blanks change nothing.
    assert_eq!(
        kinds("\u{FEFF}if a: \r\n    b\r\n\r\n  \r\nc\r\n"),
        expected
    );
}

#[test]
fn blocks_close_at_the_end() {
    let tokens = kinds("a:\n b:\n  c");
    assert_eq!(
        tokens[tokens.len() - 4..],
        [
            TokenKind::Newline,
            TokenKind::Dedent,
            TokenKind::Dedent,
            TokenKind::End
        ]
    );
    assert_eq!(kinds(""), vec![TokenKind::End]);
    assert_eq!(kinds("  # nothing\n\n"), vec![TokenKind::End]);
}

#[test]
fn lines_join_in_brackets_and_after_a_backslash() {
    let joined = vec![
        name("f"),
        TokenKind::Mark(Mark::OpenRound),
        name("a"),
        TokenKind::Mark(Mark::Comma),
        name("b"),
        TokenKind::Mark(Mark::CloseRound),
        TokenKind::Newline,
        TokenKind::End,
    ];
    assert_eq!(kinds("f(a, # ) one\n  b\n)\n"), joined);
    assert_eq!(kinds("f(a, \\\n\tb)"), joined);
}

#[test]
fn strings() {
    assert_eq!(
        kinds("\"a # ( [ b\" 'it\\'s' \"\\n\" 'é'"),
        vec![
            text("a # ( [ b"),
            text("it's"),
            text("\n"),
            text("é"),
            TokenKind::Newline,
            TokenKind::End
        ]
    );
    assert_eq!(
        kinds("\"\"\"one\n\"two\" # (\n\"\"\""),
        vec![
            text("one\n\"two\" # (\n"),
            TokenKind::Newline,
            TokenKind::End
        ]
    );
    assert_eq!(
        errors("x = \"abc\ny = 1"),
        vec![(Code::UnterminatedString, 1, 5)]
    );
    assert_eq!(errors("'abc"), vec![(Code::UnterminatedString, 1, 1)]);
    assert_eq!(errors("'abc\\"), vec![(Code::UnterminatedString, 1, 1)]);
    assert_eq!(
        errors("\"\"\"abc\n"),
        vec![(Code::UnterminatedString, 1, 1)]
    );
    assert_eq!(errors("x = f\"a\""), vec![(Code::UnsupportedSyntax, 1, 5)]);
}

#[test]
fn integers() {
    assert_eq!(
        kinds("0 00 2130706432 0x7f00_0000 0b11 0o17 1_000"),
        [0, 0, 2_130_706_432, 0x7f00_0000, 3, 15, 1000]
            .into_iter()
            .map(TokenKind::Integer)
            .chain([TokenKind::Newline, TokenKind::End])
            .collect::<Vec<_>>()
    );
    for large in [
        "2130706433",
        "0x7f000001",
        "99999999999999999999999999999999",
    ] {
        assert_eq!(
            errors(large),
            vec![(Code::IntegerTooLarge, 1, 1)],
            "{large}"
        );
    }
    for bad in ["1.5", "1e5", "12ab", "0x", "1__0", "1_", "012", "0b12"] {
        assert_eq!(errors(bad), vec![(Code::MalformedInteger, 1, 1)], "{bad}");
    }
}

#[test]
fn indentation_errors() {
    assert_eq!(errors("if a:\n\tb"), vec![(Code::TabIndentation, 2, 1)]);
    assert_eq!(
        errors("if a:\n    b\n   \tc"),
        vec![(Code::TabIndentation, 3, 4)]
    );
    assert_eq!(
        errors("if a:\n    b\n  c"),
        vec![(Code::BadIndentation, 3, 1)]
    );
}

#[test]
fn characters() {
    assert_eq!(errors("é = 1"), vec![(Code::NonAsciiName, 1, 1)]);
    assert_eq!(errors("ab = naïve"), vec![(Code::NonAsciiName, 1, 8)]);
    assert_eq!(
        kinds("# é\na"),
        vec![name("a"), TokenKind::Newline, TokenKind::End]
    );
    for bad in ["$", "?", "!", "`", "\r", "\0", "\\ a"] {
        assert_eq!(errors(bad)[0], (Code::UnexpectedCharacter, 1, 1), "{bad:?}");
    }
}

#[test]
fn brackets() {
    assert_eq!(errors("f(a"), vec![(Code::UnbalancedBracket, 1, 2)]);
    assert_eq!(errors("f(a]"), vec![(Code::UnbalancedBracket, 1, 4)]);
    assert_eq!(errors("a)"), vec![(Code::UnbalancedBracket, 1, 2)]);
    let deep = |depth: usize| format!("x = {}1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(kinds(&deep(MAX_NESTING)).len(), 2 * MAX_NESTING + 5);
    assert_eq!(
        errors(&deep(10_000)),
        vec![(Code::NestingTooDeep, 1, MAX_NESTING as u32 + 5)]
    );
    assert_eq!(
        errors(&"[".repeat(10_000)),
        vec![(Code::NestingTooDeep, 1, MAX_NESTING as u32 + 1)]
    );
}

#[test]
fn nested_blocks() {
    let deep = |depth: usize| -> String {
        (0..depth)
            .map(|level| format!("{}a:\n", " ".repeat(level)))
            .collect()
    };
    assert!(tokenize(&SourceFile::new("t.py", deep(MAX_NESTING))).is_ok());
    assert_eq!(
        errors(&deep(1000)),
        vec![(Code::NestingTooDeep, MAX_NESTING as u32 + 2, 1)]
    );
}

#[test]
fn a_file_of_ten_megabytes() {
    assert_eq!(
        errors(&"a\n".repeat(5 << 20)),
        vec![(Code::SourceTooLarge, 1, 1)]
    );
    assert!(tokenize(&SourceFile::new("t.py", " ".repeat(MAX_SOURCE_BYTES))).is_ok());
}
