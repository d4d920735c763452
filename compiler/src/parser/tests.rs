use super::{parse, parse_constant};
use crate::ast::{
    Annotation, BinaryOperator, Block, Comparison, Condition, ConstantValue, Expression,
    ExpressionKind, LoopKind, Module, ParameterKind, StatementKind, TargetKind,
};
use crate::diagnostics::Code;
use crate::lexer::{MAX_DIAGNOSTICS, MAX_NESTING};
use crate::source::SourceFile;

fn module(text: &str) -> Module {
    parse(&SourceFile::new("t.py", text)).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

fn errors(text: &str) -> Vec<(Code, u32, u32)> {
    let source = SourceFile::new("t.py", text);
    parse(&source)
        .expect_err(text)
        .into_iter()
        .map(|diagnostic| {
            let position = source.position(diagnostic.span.start);
            (diagnostic.code, position.line, position.column)
        })
        .collect()
}

/// The body of a function, a line of text for each statement.
fn body(lines: &str) -> Vec<String> {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    show_block(&module(&format!("def main():\n{indented}")).functions[0].body)
}

/// The single error of a function with this body, at a line and column of the body.
fn error(lines: &str) -> (Code, u32, u32) {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let errors = errors(&format!("def main():\n{indented}"));
    assert_eq!(errors.len(), 1, "{lines}: {errors:?}");
    (errors[0].0, errors[0].1 - 1, errors[0].2 - 4)
}

fn show_list(list: &[Expression]) -> String {
    list.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn show(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Integer(value) => value.to_string(),
        ExpressionKind::Text(text) => format!("{text:?}"),
        ExpressionKind::Name(name) => name.to_string(),
        ExpressionKind::List(list) => format!("[{}]", show_list(list)),
        ExpressionKind::Negate(operand) => format!("(-{})", show(operand)),
        ExpressionKind::Binary {
            operator,
            left,
            right,
        } => format!("({} {} {})", show(left), sign(*operator), show(right)),
        ExpressionKind::Index { base, index } => format!("{}[{}]", show(base), show(index)),
        ExpressionKind::Call {
            function,
            arguments,
        } => format!("{}({})", function.name, show_list(arguments)),
        ExpressionKind::MethodCall {
            receiver,
            method,
            arguments,
        } => format!(
            "{}.{}({})",
            show(receiver),
            method.name,
            show_list(arguments)
        ),
        ExpressionKind::MatchRange { value, arms } => {
            let arms: String = arms
                .iter()
                .map(|arm| {
                    format!(
                        ", {}..{} {}: {}",
                        show(&arm.start),
                        show(&arm.end),
                        arm.parameter.name,
                        show(&arm.body)
                    )
                })
                .collect();
            format!("match_range({}{arms})", show(value))
        }
    }
}

fn sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::FloorDivide => "//",
        BinaryOperator::Remainder => "%",
        BinaryOperator::Power => "**",
    }
}

fn show_condition(condition: &Condition) -> String {
    let sign = match condition.comparison {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
    };
    format!(
        "{} {sign} {}",
        show(&condition.left),
        show(&condition.right)
    )
}

fn annotated(name: &str, annotation: Option<Annotation>) -> String {
    annotation.map_or_else(|| name.to_owned(), |a| format!("{name}: {a:?}"))
}

fn show_target(target: &TargetKind) -> String {
    match target {
        TargetKind::Discard => "_".into(),
        TargetKind::Name { name, annotation } => annotated(&name.name, *annotation),
        TargetKind::Index { base, index } => format!("{}[{}]", show(base), show(index)),
    }
}

fn show_block(block: &Block) -> Vec<String> {
    block
        .iter()
        .flat_map(|statement| show_statement(&statement.kind))
        .collect()
}

fn nested(header: String, block: &Block) -> Vec<String> {
    let inner = show_block(block).into_iter().map(|line| format!(" {line}"));
    std::iter::once(header).chain(inner).collect()
}

fn show_statement(statement: &StatementKind) -> Vec<String> {
    let line = match statement {
        StatementKind::Declare { name, annotation } => annotated(&name.name, Some(*annotation)),
        StatementKind::Assign { targets, values } => {
            let targets: Vec<_> = targets.iter().map(|t| show_target(&t.kind)).collect();
            format!("{} = {}", targets.join(", "), show_list(values))
        }
        StatementKind::Update {
            target,
            operator,
            value,
        } => format!(
            "{} {}= {}",
            show_target(&target.kind),
            sign(*operator),
            show(value)
        ),
        StatementKind::If {
            condition,
            then,
            otherwise,
        } => {
            let mut lines = nested(format!("if {}", show_condition(condition)), then);
            lines.extend(nested("else".into(), otherwise));
            return lines;
        }
        StatementKind::For {
            variable,
            kind,
            start,
            end,
            body,
        } => {
            let kind = match kind {
                LoopKind::DynamicUnroll { bits } => format!("dynamic_unroll {}", show(bits)),
                kind => format!("{kind:?}"),
            };
            let header = format!(
                "for {} {kind} {}..{}",
                variable.name,
                show(start),
                show(end)
            );
            return nested(header, body);
        }
        StatementKind::Match { value, arms } => {
            let mut lines = vec![format!("match {}", show(value))];
            for arm in arms {
                lines.extend(nested(format!("case {}", show(&arm.pattern)), &arm.body));
            }
            return lines;
        }
        StatementKind::Return { values } => format!("return {}", show_list(values)),
        StatementKind::Assert { condition, message } => {
            format!("assert {} {message:?}", show_condition(condition))
        }
        StatementKind::DebugAssert { condition, message } => {
            format!("debug_assert {} {message:?}", show_condition(condition))
        }
        StatementKind::Panic { message } => format!("panic {message:?}"),
        StatementKind::Print { arguments } => format!("print {}", show_list(arguments)),
        StatementKind::Call(call) => show(call),
    };
    vec![line]
}

#[test]
fn precedence() {
    for (text, expected) in [
        ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c // d % e", "((((a / b) * c) // d) % e)"),
        ("-a ** 2", "(-(a ** 2))"),
        ("a ** -b", "(a ** (-b))"),
        ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
        ("-a * b", "((-a) * b)"),
        ("--a", "(-(-a))"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a[i][j + 1] ** 2", "(a[i][(j + 1)] ** 2)"),
        ("f(a, b[0],) + g()", "(f(a, b[0]) + g())"),
        ("d.pop() + True - False", "((d.pop() + 1) - 0)"),
        ("DynArray([1, [2], []])", "DynArray([1, [2], []])"),
        (
            "match_range(v, range(0, 2), lambda i: f(i), range(2, N), lambda j: g(j, v),)",
            "match_range(v, 0..2 i: f(i), 2..N j: g(j, v))",
        ),
    ] {
        assert_eq!(body(&format!("x = {text}")), [format!("x = {expected}")]);
    }
}

#[test]
fn simple_statements() {
    for (text, expected) in [
        ("x: Imu", vec!["x: Imu"]),
        ("x: Imm", vec!["x: Imu"]),
        ("x: Mut", vec!["x: Mut"]),
        ("x: Imu, y: Mut", vec!["x: Imu", "y: Mut"]),
        ("x: Mut = 1", vec!["x: Mut = 1"]),
        ("x: Mut, y, _ = f()", vec!["x: Mut, y, _ = f()"]),
        ("a[0], b = 1, c", vec!["a[0], b = 1, c"]),
        ("(a, b) = (c, d,)", vec!["a, b = c, d"]),
        ("a = (b)", vec!["a = b"]),
        (
            "x += 1; y **= 2; a[i] //= 3;",
            vec!["x += 1", "y **= 2", "a[i] //= 3"],
        ),
        ("return", vec!["return "]),
        ("return a, b + 1", vec!["return a, (b + 1)"]),
        ("return (\n    a,\n    b,\n)", vec!["return a, b"]),
        ("return (a + b) * c", vec!["return ((a + b) * c)"]),
        ("pass", vec![]),
        ("\"\"\"a\ncomment\"\"\"", vec![]),
        ("assert a == b", vec!["assert a == b None"]),
        (
            "assert (a != b), \"x\" \"y\"",
            vec!["assert a != b Some(\"xy\")"],
        ),
        ("assert (a) < b", vec!["assert a < b None"]),
        (
            "assert (a + 1) * (b) <= c",
            vec!["assert ((a + 1) * b) <= c None"],
        ),
        ("assert a > b", vec!["assert b < a None"]),
        ("assert a >= b", vec!["assert b <= a None"]),
        ("assert a", vec!["assert a != 0 None"]),
        ("assert False", vec!["panic None"]),
        ("assert False, \"x # (\"", vec!["panic Some(\"x # (\")"]),
        ("assert True", vec!["assert 1 != 0 None"]),
        ("debug_assert(a < b)", vec!["debug_assert a < b None"]),
        (
            "debug_assert((a) < b, 'm',)",
            vec!["debug_assert a < b Some(\"m\")"],
        ),
        (
            "debug_assert a == b, 'm'",
            vec!["debug_assert a == b Some(\"m\")"],
        ),
        ("print(a, 'b', c[0])", vec!["print a, \"b\", c[0]"]),
        ("f(a)", vec!["f(a)"]),
        ("d.push(1)", vec!["d.push(1)"]),
        ("match = 1", vec!["match = 1"]),
        ("case, print = 1, 2", vec!["case, print = 1, 2"]),
    ] {
        assert_eq!(body(text), expected, "{text}");
    }
}

#[test]
fn compound_statements() {
    let text = "if a == 0:\n  b = 1\nelif (c != d): return\nelse:\n  # nothing\nfor i in range(0, n):\n  f(i)\n\
                for _ in unroll(3): pass\nfor i in parallel_range(a, b):\n  g(i)\n\
                for i in dynamic_unroll(0, n, 4):\n  g(i)\nmatch a + 1:\n  case 0:\n    x = 1\n  case K: y = 2\nif a:\nz = 1";
    assert_eq!(
        body(text),
        [
            "if a == 0",
            " b = 1",
            "else",
            " if c != d",
            "  return ",
            " else",
            "for i Range 0..n",
            " f(i)",
            "for _ Unroll 0..3",
            "for i ParallelRange a..b",
            " g(i)",
            "for i dynamic_unroll 4 0..n",
            " g(i)",
            "match (a + 1)",
            "case 0",
            " x = 1",
            "case K",
            " y = 2",
            "if a != 0",
            "else",
            "z = 1"
        ]
    );
}

#[test]
fn modules() {
    let module = module(
        "\"\"\"about\"\"\"\nfrom snark_lib import *\nfrom a.b import *\nN = 3; M = [[1], [2, N]]\n\n@inline\ndef f(a, b: Const, c: Mut, d: Imu):\n    return a\n\ndef empty():\n\ndef main():\n    pass\n",
    );
    let imports: Vec<_> = module.imports.iter().map(|i| &*i.module).collect();
    assert_eq!(imports, ["snark_lib", "a.b"]);
    let constants: Vec<_> = module
        .constants
        .iter()
        .map(|c| format!("{} = {}", c.name.name, show(&c.value)))
        .collect();
    assert_eq!(constants, ["N = 3", "M = [[1], [2, N]]"]);
    let functions: Vec<_> = module
        .functions
        .iter()
        .map(|f| (&*f.name.name, f.inline, f.body.len()))
        .collect();
    assert_eq!(
        functions,
        [("f", true, 1), ("empty", false, 0), ("main", false, 0)]
    );
    let kinds: Vec<_> = module.functions[0]
        .parameters
        .iter()
        .map(|parameter| parameter.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            ParameterKind::Plain,
            ParameterKind::Const,
            ParameterKind::Mut,
            ParameterKind::Plain
        ]
    );
}

#[test]
fn line_ends_do_not_matter() {
    let text = "def main():\n    if a == 0:\n        x = \"#(\"\n    return\n";
    assert_eq!(
        show_block(&module(text).functions[0].body),
        show_block(&module(&text.replace('\n', "\r\n")).functions[0].body)
    );
}

#[test]
fn syntax_errors() {
    use Code::{BadAnnotation, UnexpectedToken, UnsupportedSyntax};
    for (text, expected) in [
        ("x = ", (UnexpectedToken, 1, 5)),
        ("x = 1 2", (UnexpectedToken, 1, 7)),
        ("x + 1", (UnsupportedSyntax, 1, 1)),
        ("x = a == b", (UnsupportedSyntax, 1, 7)),
        ("x = f(a < b)", (UnsupportedSyntax, 1, 9)),
        ("x = a if b else c", (UnsupportedSyntax, 1, 7)),
        ("x = a and b", (UnsupportedSyntax, 1, 7)),
        ("assert not a", (UnsupportedSyntax, 1, 8)),
        ("assert a == b or c == d", (UnsupportedSyntax, 1, 15)),
        ("assert a == b == c", (UnsupportedSyntax, 1, 15)),
        ("assert a == b, c", (UnexpectedToken, 1, 16)),
        ("x = y = 1", (UnsupportedSyntax, 1, 7)),
        ("x = a << 2", (UnsupportedSyntax, 1, 7)),
        ("x = {1}", (UnsupportedSyntax, 1, 5)),
        ("x = lambda i: i", (UnsupportedSyntax, 1, 5)),
        ("x = a.b", (UnsupportedSyntax, 1, 7)),
        ("x = a[0](1)", (UnsupportedSyntax, 1, 9)),
        ("x = a[0:1]", (UnsupportedSyntax, 1, 8)),
        ("x = f(a=1)", (UnsupportedSyntax, 1, 8)),
        ("x = 1 + (a, b)", (UnsupportedSyntax, 1, 11)),
        ("f(a) = 1", (UnsupportedSyntax, 1, 1)),
        ("x, y += 1", (UnsupportedSyntax, 1, 6)),
        ("x: Mut += 1", (UnsupportedSyntax, 1, 1)),
        ("x: int = 1", (BadAnnotation, 1, 4)),
        ("a[0]: Mut = 1", (BadAnnotation, 1, 1)),
        ("return a: Mut", (BadAnnotation, 1, 8)),
        ("while a == b:\n    c = 1", (UnsupportedSyntax, 1, 1)),
        ("break", (UnsupportedSyntax, 1, 1)),
        ("if a == b\n    c = 1", (UnexpectedToken, 1, 10)),
        ("else:\n    a = 1", (UnexpectedToken, 1, 1)),
        ("def f():\n    a = 1", (UnsupportedSyntax, 1, 1)),
        ("from a import *", (UnsupportedSyntax, 1, 1)),
        ("for i in a:\n    b = 1", (UnexpectedToken, 1, 10)),
        (
            "for i in range(0, 4, 2):\n    b = 1",
            (UnsupportedSyntax, 1, 23),
        ),
        ("for i in range:\n    b = 1", (UnexpectedToken, 1, 15)),
        (
            "for i in dynamic_unroll(0, 4):\n    b = 1",
            (UnsupportedSyntax, 1, 29),
        ),
        (
            "match a:\n    case 0: x = 1\n    case _: y = 2",
            (UnsupportedSyntax, 3, 10),
        ),
        ("match a:\n    x = 1", (UnexpectedToken, 2, 5)),
        ("match a:\nx = 1", (UnexpectedToken, 2, 1)),
        ("x = match_range(v)", (UnexpectedToken, 1, 18)),
        ("x = match_range(v, f)", (UnexpectedToken, 1, 20)),
        (
            "x = match_range(v, range(0, 1), f)",
            (UnexpectedToken, 1, 33),
        ),
        ("print 1", (UnexpectedToken, 1, 7)),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn module_errors() {
    use Code::{BadAnnotation, BadIndentation, UnexpectedToken, UnsupportedSyntax};
    for (text, expected) in [
        ("import a", (UnsupportedSyntax, 1, 1)),
        ("from a import b", (UnsupportedSyntax, 1, 15)),
        ("from .a import *", (UnexpectedToken, 1, 6)),
        ("N: Mut = 1", (UnexpectedToken, 1, 2)),
        ("f(1)", (UnexpectedToken, 1, 2)),
        ("  N = 1", (BadIndentation, 1, 1)),
        ("def f():\n    a = 1\n      b = 2", (BadIndentation, 3, 1)),
        ("@cached\ndef f():\n    pass", (UnsupportedSyntax, 1, 2)),
        ("def f(a: Imt):\n    pass", (BadAnnotation, 1, 10)),
        ("def f(a = 1):\n    pass", (UnsupportedSyntax, 1, 9)),
        ("def f() -> int:\n    pass", (UnsupportedSyntax, 1, 9)),
        ("class A:\n    pass", (UnsupportedSyntax, 1, 1)),
        ("if a == b:\n    pass", (UnsupportedSyntax, 1, 1)),
    ] {
        assert_eq!(errors(text)[0], expected, "{text}");
    }
}

#[test]
fn one_run_reports_several_errors() {
    let text = "N = \ndef f():\n    x = 1 +\n    if a b:\n        y = 1\n    match c:\n        case 0: z = 1 1\n        case 1: z = 2\n    w = )x(\n";
    assert_eq!(errors(text).len(), 1, "the lexer ends at the bracket");
    let text = text.replace(")x(", "2 3");
    let found = errors(&text);
    let lines: Vec<_> = found.iter().map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 4, 7, 9]);
    let many: String = (0..1000).map(|_| "N =\n").collect();
    assert_eq!(errors(&many).len(), MAX_DIAGNOSTICS);
}

#[test]
fn depth_is_bounded() {
    let chains = [
        format!("x = {}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("x = {}1", "-".repeat(10_000)),
        format!("x = 1{}", " + 1".repeat(10_000)),
        format!("x = 2{}", " ** 2".repeat(10_000)),
        format!("x = a{}", "[0]".repeat(10_000)),
        format!("x = a{}", ".b()".repeat(10_000)),
        format!(
            "if a == 0: b = 1\n{}",
            "elif a == 0: b = 1\n".repeat(10_000)
        ),
        format!("{}x = 1", "if a == 0: ".repeat(10_000)),
    ];
    for text in chains {
        let code = errors(&format!(
            "def main():\n    {}\n",
            text.replace('\n', "\n    ")
        ))[0]
            .0;
        let one_line = text.starts_with("if a == 0: if");
        let expected = if one_line {
            Code::UnsupportedSyntax
        } else {
            Code::NestingTooDeep
        };
        assert_eq!(code, expected, "{}", &text[..40]);
    }
    // Sums of sums: each is low, all together would be high.
    let sum = |inner: &str| format!("({inner}{})", " + 1".repeat(100));
    assert_eq!(
        error(&format!("x = {}", sum(&sum(&sum("1"))))).0,
        Code::NestingTooDeep
    );
    let depth = MAX_NESTING - 8;
    let deep = format!("x = {}1{}", "f(".repeat(depth), ")".repeat(depth));
    assert_eq!(body(&deep).len(), 1);
}

#[test]
fn placeholder_values() {
    let value = |text: &str| parse_constant(&SourceFile::new("p", text));
    let integer = ConstantValue::Integer;
    assert_eq!(value("5").expect("value"), integer(5));
    assert_eq!(value("-1").expect("value"), integer(2_130_706_432));
    assert_eq!(value("-0").expect("value"), integer(0));
    assert_eq!(
        value("[1, [2, 3], []]").expect("value"),
        ConstantValue::List(
            vec![
                integer(1),
                ConstantValue::List(vec![integer(2), integer(3)].into()),
                ConstantValue::List(vec![].into())
            ]
            .into()
        )
    );
    for (text, code) in [
        ("", Code::UnexpectedToken),
        ("1 2", Code::UnexpectedToken),
        ("1 + 2", Code::NotConstant),
        ("[x]", Code::NotConstant),
        ("-[1]", Code::NotConstant),
        ("(", Code::UnbalancedBracket),
    ] {
        assert_eq!(value(text).expect_err(text)[0].code, code, "{text}");
    }
}
