//! The syntax tree: what the parser gives and the checker, the interpreter and the elaboration
//! read.
//!
//! The tree keeps the program as it is written; the only sugar that the parser removes is `elif`
//! (an `if` in the `else` block), `pass` (nothing), a bare condition `if e:` (`e != 0`), `True` and
//! `False` (1 and 0), parentheses, and `assert False` ([`StatementKind::Panic`]). Calls of user
//! functions, of built-ins (`Array`, `log2_ceil`, `len`…), of hints and of the instructions of the
//! machine are all [`ExpressionKind::Call`] with a name; [`crate::check::Builtin::from_name`] tells
//! a built-in.

use std::sync::Arc;

use crate::source::{FileId, Span, Symbol};

/// The order of the field: 2^31 − 2^24 + 1.
pub const MODULUS: u32 = 0x7F00_0001;

/// A name where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The text.
    pub name: Symbol,
    /// Where it stands.
    pub span: Span,
}

/// One source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// `from m import *`, in order; `snark_lib` among them if it is named.
    pub imports: Vec<Import>,
    /// `NAME = expression`, in order.
    pub constants: Vec<Constant>,
    /// The functions, in order.
    pub functions: Vec<Function>,
}

/// `from m import *`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module, with dots as written: `a.b`.
    pub module: Symbol,
    /// The whole line.
    pub span: Span,
}

/// `NAME = expression` at the top of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The name.
    pub name: Identifier,
    /// The value, which may be a nested [`ExpressionKind::List`].
    pub value: Expression,
}

/// The value of a constant of a module, or of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstantValue {
    /// A field element in [0, p).
    Integer(u32),
    /// A list, which may be nested and ragged.
    List(Arc<[ConstantValue]>),
}

/// `def name(parameters):` and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name.
    pub name: Identifier,
    /// Whether `@inline` stands above.
    pub inline: bool,
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Block,
    /// From `def` to the colon.
    pub span: Span,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: Identifier,
    /// What may be done with it.
    pub kind: ParameterKind,
}

/// What may be done with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// `x`: a value that is never assigned again. In an `@inline` function it may be bound to
    /// anything, a compile-time array among them.
    Plain,
    /// `x: Const`: known at compile time; the function is specialised.
    Const,
    /// `x: Mut`: a variable that may be assigned; the caller's variable does not change.
    Mut,
}

/// Statements in order; may be empty.
pub type Block = Vec<Statement>;

/// A statement where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// A simple statement: all of it. A compound one: its header line.
    pub span: Span,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `x: Imu`, `x: Imm` or `x: Mut` without a value.
    Declare {
        /// The variable.
        name: Identifier,
        /// Its annotation.
        annotation: Annotation,
    },
    /// `t = e`, `t, u = f(x)`, `t, u = e, g`. Either one value for all targets (a call or a
    /// `match_range` with that many results) or as many values as targets; every value is evaluated
    /// before the first target is written.
    Assign {
        /// At least one target.
        targets: Vec<Target>,
        /// One value, or one for each target.
        values: Vec<Expression>,
    },
    /// `t += e` and its like.
    Update {
        /// A [`TargetKind::Name`] without annotation, or a [`TargetKind::Index`].
        target: Target,
        /// The operator before `=`.
        operator: BinaryOperator,
        /// The right-hand side.
        value: Expression,
    },
    /// `if c:` … `else:` …; `elif` is an `if` alone in `otherwise`.
    If {
        /// The condition.
        condition: Condition,
        /// The block where it holds.
        then: Block,
        /// The block where it does not; empty without `else`.
        otherwise: Block,
    },
    /// `for i in range(a, b):` and its like.
    For {
        /// The variable of the loop, constant within the body.
        variable: Identifier,
        /// The kind of loop.
        kind: LoopKind,
        /// The first value; the literal 0 for `range(n)`.
        start: Expression,
        /// One past the last value.
        end: Expression,
        /// The body.
        body: Block,
    },
    /// `match v:` with `case` arms.
    Match {
        /// The value that selects.
        value: Expression,
        /// The arms, at least one, whose patterns are consecutive integers.
        arms: Vec<MatchArm>,
    },
    /// `return e, f`; no values for a bare `return`.
    Return {
        /// The results.
        values: Vec<Expression>,
    },
    /// `assert c` or `assert c, "message"`.
    Assert {
        /// What must hold.
        condition: Condition,
        /// Shown when it does not.
        message: Option<Symbol>,
    },
    /// `debug_assert(c)`, `debug_assert(c, "message")` or `debug_assert c`: checked by the runner,
    /// not proven.
    DebugAssert {
        /// What must hold.
        condition: Condition,
        /// Shown when it does not.
        message: Option<Symbol>,
    },
    /// `assert False, "message"`: no execution gets here.
    Panic {
        /// Shown when one does.
        message: Option<Symbol>,
    },
    /// `print(e, "text", …)`: shown by the runner, not proven.
    Print {
        /// Expressions; a literal text is an [`ExpressionKind::Text`].
        arguments: Vec<Expression>,
    },
    /// A call whose results, if any, are dropped: [`ExpressionKind::Call`],
    /// [`ExpressionKind::MethodCall`] or [`ExpressionKind::MatchRange`].
    Call(Expression),
}

/// `: Imu` and its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// `: Imu` or `: Imm`: assigned exactly once on every path.
    Imu,
    /// `: Mut`: may be assigned again.
    Mut,
}

/// The left-hand side of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Where it stands.
    pub span: Span,
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// `_`: the value is dropped.
    Discard,
    /// `x`, or `x: Mut`, which declares.
    Name {
        /// The variable.
        name: Identifier,
        /// Its annotation, if this declares it.
        annotation: Option<Annotation>,
    },
    /// `a[i]`: an assertion that the cell has the value.
    Index {
        /// The array or pointer; `a[i][j]` nests.
        base: Expression,
        /// The index.
        index: Expression,
    },
}

/// The kinds of loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoopKind {
    /// `range`: a loop at run time; variables that are `Mut` are carried.
    Range,
    /// `parallel_range`: as `range`, with independent iterations; no `Mut` is carried.
    ParallelRange,
    /// `unroll`: the body is repeated at compile time; the variable is a compile-time constant.
    Unroll,
    /// `dynamic_unroll(a, b, bits)`: bounds at run time, at most 2^bits − 1 iterations.
    DynamicUnroll {
        /// The third argument, known at compile time.
        bits: Expression,
    },
}

/// `case k:` and its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchArm {
    /// A compile-time integer.
    pub pattern: Expression,
    /// The block.
    pub body: Block,
    /// The header line.
    pub span: Span,
}

/// A comparison, the only form of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How the sides are compared.
    pub comparison: Comparison,
    /// The left-hand side.
    pub left: Expression,
    /// The right-hand side.
    pub right: Expression,
    /// From the left-hand side to the right-hand side.
    pub span: Span,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, on the representatives in [0, p)
    Less,
    /// `<=`, on the representatives in [0, p)
    LessOrEqual,
}

/// An expression where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionKind {
    /// A literal below [`MODULUS`].
    Integer(u32),
    /// A literal text: an argument of a hint, of `print`, or nothing else.
    Text(Symbol),
    /// A variable, a parameter, a constant or a placeholder.
    Name(Symbol),
    /// `[e, f, …]`: in a module constant, or the argument of `DynArray`.
    List(Vec<Expression>),
    /// `-e`
    Negate(Box<Expression>),
    /// `e op f`
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// The left-hand side.
        left: Box<Expression>,
        /// The right-hand side.
        right: Box<Expression>,
    },
    /// `a[i]`
    Index {
        /// The array or pointer.
        base: Box<Expression>,
        /// The index.
        index: Box<Expression>,
    },
    /// `f(e, …)`
    Call {
        /// The function, built-in or hint.
        function: Identifier,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `a.push(e)`, `a.pop()`: the methods of a `DynArray`.
    MethodCall {
        /// The array.
        receiver: Box<Expression>,
        /// The method.
        method: Identifier,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `match_range(v, range(a, b), lambda i: e, range(b, c), lambda j: g, …)`
    MatchRange {
        /// The value that selects.
        value: Box<Expression>,
        /// The ranges and their lambdas, in order; each starts where the last ends.
        arms: Vec<MatchRangeArm>,
    },
}

/// `range(a, b), lambda i: e` in a `match_range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRangeArm {
    /// The first value, known at compile time.
    pub start: Expression,
    /// One past the last value, known at compile time.
    pub end: Expression,
    /// The parameter of the lambda, a compile-time constant in `body`.
    pub parameter: Identifier,
    /// The body of the lambda.
    pub body: Expression,
}

/// An operator with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+` in the field
    Add,
    /// `-` in the field
    Subtract,
    /// `*` in the field
    Multiply,
    /// `/` in the field; `0 / 0` is refused
    Divide,
    /// `//` on representatives, at compile time
    FloorDivide,
    /// `%` on representatives, at compile time
    Remainder,
    /// `**` in the field with the representative of the right-hand side as exponent, at compile
    /// time
    Power,
}
