//! Constants, imports and `main`.

use super::*;

#[test]
fn constants() {
    let text = "A = 2 ** 10 - 1\nB = [A, [A // 2, -1], []]\nC = len(B) + B[1][0] % 7\nD = log2_ceil(A)\n\
                E = [div_ceil(7, 2), div_floor(7, 2), next_multiple_of(9, 4), saturating_sub(2, 5), log2_ceil(0), 1 / 2]\n\
                F = X_PLACEHOLDER + 1\ndef main():\n    return\n";
    let placeholders = Placeholders::from([("X_PLACEHOLDER".into(), ConstantValue::Integer(6))]);
    let program = run(text, &[], &placeholders).expect("a program");
    let integer = ConstantValue::Integer;
    let list = |list: &[u32]| ConstantValue::List(list.iter().copied().map(integer).collect());
    let expected = BTreeMap::from([
        ("A".into(), integer(1023)),
        (
            "B".into(),
            ConstantValue::List(vec![integer(1023), list(&[511, 2_130_706_432]), list(&[])].into()),
        ),
        ("C".into(), integer(3)),
        ("D".into(), integer(10)),
        ("E".into(), list(&[4, 3, 12, 0, 0, 1_065_353_217])),
        ("F".into(), integer(7)),
        ("X_PLACEHOLDER".into(), integer(6)),
    ]);
    assert_eq!(program.constants, expected);
}

#[test]
fn constant_errors() {
    for (text, code, line) in [
        ("A = B\nB = 1", Code::UnknownName, 1),
        ("A = 1\nA = 2", Code::DuplicateName, 2),
        ("A = X_PLACEHOLDER", Code::MissingPlaceholder, 1),
        ("A = 1 / 0", Code::DivisionByZero, 1),
        ("A = 1 % (2 - 2)", Code::DivisionByZero, 1),
        ("A = div_ceil(1, 0)", Code::DivisionByZero, 1),
        ("A = [1, 2][2]", Code::IndexOutOfBounds, 1),
        ("A = [1][-1]", Code::IndexOutOfBounds, 1),
        ("A = [1] + 1", Code::TypeMismatch, 1),
        ("A = len(3)", Code::TypeMismatch, 1),
        ("A = \"text\"", Code::TypeMismatch, 1),
        ("A = log2_ceil(1, 2)", Code::WrongArity, 1),
        ("A = main()", Code::UnknownFunction, 1),
        ("A = Array(3)", Code::NotConstant, 1),
        ("A = 3\nB = A[0]", Code::NotConstant, 2),
        ("main = 3", Code::DuplicateName, 2),
    ] {
        let found = errors(&format!("{text}\ndef main():\n    return\n"));
        assert_eq!(
            found.iter().map(|e| (e.0, e.1)).collect::<Vec<_>>(),
            [(code, line)],
            "{text}"
        );
    }
}

#[test]
fn doubling_lists_stay_small() {
    let mut text = String::from("A0 = [1]\n");
    for i in 1..64 {
        text.push_str(&format!("A{i} = [A{}, A{}]\n", i - 1, i - 1));
    }
    text.push_str("def main():\n    return\n");
    assert!(errors(&text).iter().any(|e| e.0 == Code::ArrayTooLarge));
    let mut text = String::from("A0 = [1]\n");
    for i in 1..100_000 {
        text.push_str(&format!("A{i} = [A{}]\n", i - 1));
    }
    text.push_str("def main():\n    return\n");
    assert!(errors(&text).iter().any(|e| e.0 == Code::ArrayTooLarge));
}

#[test]
fn imports() {
    let none = Placeholders::new();
    let program = run(
        "from snark_lib import *\nfrom a import *\nfrom b.c import *\nX = A + B\ndef main():\n    fa()\n    fb()\n    return\n",
        &[
            ("a", "from b.c import *\nA = B + 1\ndef fa():\n    fb()\n    return\n"),
            ("b.c", "B = 5\ndef fb():\n    return\n"),
        ],
        &none,
    )
    .expect("a program");
    let names: Vec<_> = program
        .functions
        .iter()
        .map(|checked| &*checked.function.name.name)
        .collect();
    assert_eq!(names, ["fb", "fa", "main"]);
    assert_eq!(program.main, 2);
    assert_eq!(program.constants["X"], ConstantValue::Integer(11));
    assert_eq!(program.function("fa").expect("fa").results, 0);
}

#[test]
fn import_errors() {
    let main = "def main():\n    return\n";
    let none = Placeholders::new();
    let code = |text: &str, others: &[(&str, &str)]| {
        let (errors, sources) = run(&format!("{text}{main}"), others, &none).expect_err(text);
        assert_eq!(errors.len(), 1);
        (errors[0].code, sources.describe(errors[0].span))
    };
    assert_eq!(
        code("from a import *\n", &[]),
        (Code::MissingImport, "main.py:1:1".into())
    );
    let cycle = [
        ("a", "from b import *\n"),
        ("b", "X = 1\nfrom a import *\n"),
    ];
    assert_eq!(
        code("from a import *\n", &cycle),
        (Code::ImportCycle, "b:2:1".into())
    );
    assert_eq!(
        code("from a import *\n", &[("a", "from a import *\n")]),
        (Code::ImportCycle, "a:1:1".into())
    );
    assert_eq!(
        code("from a import *\n", &[("a", "X = \n")]),
        (Code::UnexpectedToken, "a:1:5".into())
    );
    assert_eq!(
        code("X = 1\nfrom a import *\n", &[("a", "X = 2\n")]),
        (Code::DuplicateName, "main.py:1:1".into())
    );
    let many: Vec<(String, String)> = (0..300)
        .map(|i| (format!("m{i}"), format!("from m{} import *\n", i + 1)))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(code("from m0 import *\n", &many).0, Code::TooManyModules);
}

#[test]
fn main_is_needed() {
    assert_eq!(errors("N = 1\n")[0].0, Code::MissingMain);
    assert_eq!(errors("")[0].0, Code::MissingMain);
    assert_eq!(
        errors("def main(a):\n    return\n"),
        [(Code::MissingMain, 1, 1)]
    );
    assert_eq!(
        errors("@inline\ndef main():\n    return\n"),
        [(Code::MissingMain, 2, 1)]
    );
}

/// The depth of the value of a placeholder counts as that of a list that is written.
#[test]
fn nested_lists_of_constants() {
    let text = |lists: usize| {
        let lines: String = (1..=lists)
            .map(|i| format!("A{i} = [A{}]\n", i - 1))
            .collect();
        format!("A0 = A_PLACEHOLDER\n{lines}def main():\n    return\n")
    };
    let mut value = ConstantValue::Integer(1);
    for _ in 0..100 {
        value = ConstantValue::List(vec![value].into());
    }
    let placeholders = Placeholders::from([("A_PLACEHOLDER".into(), value)]);
    assert!(run(&text(156), &[], &placeholders).is_ok());
    let (errors, _) = run(&text(157), &[], &placeholders).expect_err("too deep");
    assert_eq!(errors[0].code, Code::ArrayTooLarge);
}
