//! Random programs: typed by construction, so that the checker accepts each; a run may still fail.

use std::fmt::Write as _;

/// How the same program is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// Functions are `@inline`.
    pub(crate) inline: bool,
    /// Loops with constant bounds are `unroll`, not `range`.
    pub(crate) unroll: bool,
    /// Parameters that only get constants are `Const`.
    pub(crate) constant: bool,
}

/// A deterministic source of choices.
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        Self(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .wrapping_add(0x1234_5678_9ABC_DEF1),
        )
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 20) % bound as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// What a block may use.
#[derive(Clone, Default)]
struct Scope {
    /// Names of any value.
    values: Vec<String>,
    /// Names of values below the number.
    small: Vec<(String, usize)>,
    /// Names that may be assigned.
    mutable: Vec<String>,
    /// Names of arrays and their sizes; all their cells have values.
    arrays: Vec<(String, usize)>,
}

struct Function {
    /// Parameters of any value; one small constant follows.
    parameters: usize,
    results: usize,
}

struct Generator {
    choices: Choices,
    style: Style,
    functions: Vec<Function>,
    text: String,
    next_name: usize,
    /// Statements left.
    budget: usize,
}

/// The number of elements of public input that the programs read; each is below [`SMALL`].
pub(crate) const PUBLIC: usize = 4;
/// See [`PUBLIC`].
pub(crate) const SMALL: usize = 4;

/// The text of a program.
pub(crate) fn generate(seed: u64, style: Style) -> String {
    let mut generator = Generator {
        choices: Choices::new(seed),
        style,
        functions: Vec::new(),
        text: "TABLE = [[3, 1, 4], [1, 5], [9, 2, 6, 5], [3]]\nSTEP = 2 ** 20 + 7\n".to_owned(),
        next_name: 0,
        budget: 0,
    };
    for _ in 0..generator.choices.below(4) {
        generator.function();
    }
    generator.main();
    generator.text
}

impl Generator {
    fn name(&mut self, prefix: &str) -> String {
        self.next_name += 1;
        format!("{prefix}{}", self.next_name)
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{text}", "", 4 * depth);
    }

    fn pick(&mut self, names: &[String]) -> Option<String> {
        if names.is_empty() {
            return None;
        }
        let index = self.choices.below(names.len());
        Some(names[index].clone())
    }

    fn function(&mut self) {
        let function = Function {
            parameters: self.choices.below(3),
            results: 1 + self.choices.below(2),
        };
        let mut scope = Scope::default();
        let mut parameters = Vec::new();
        for _ in 0..function.parameters {
            let name = self.name("p");
            parameters.push(name.clone());
            scope.values.push(name);
        }
        let small = self.name("c");
        parameters.push(match self.style.constant {
            true => format!("{small}: Const"),
            false => small.clone(),
        });
        scope.small.push((small, SMALL));
        self.text.push('\n');
        if self.style.inline {
            self.line(0, "@inline");
        }
        let header = format!("def f{}({}):", self.functions.len(), parameters.join(", "));
        self.line(0, &header);
        self.budget = 6;
        self.statements(&mut scope, 1);
        let results = self.expressions(&scope, function.results);
        self.line(1, &format!("return {results}"));
        self.functions.push(function);
    }

    fn main(&mut self) {
        self.text.push_str("\ndef main():\n    public = 0\n");
        let mut scope = Scope::default();
        for index in 0..PUBLIC {
            let name = self.name("x");
            self.line(1, &format!("{name} = public[{index}]"));
            scope.small.push((name, SMALL));
        }
        self.budget = 20;
        self.statements(&mut scope, 1);
        while self.budget > 0 {
            self.statement(&mut scope, 1);
        }
        for name in [scope.values, scope.mutable].concat() {
            self.line(1, &format!("print({name})"));
        }
        self.line(1, "return");
    }

    fn statements(&mut self, scope: &mut Scope, depth: usize) {
        for _ in 0..1 + self.choices.below(5) {
            self.statement(scope, depth);
        }
    }

    fn expressions(&mut self, scope: &Scope, count: usize) -> String {
        let expressions: Vec<String> = (0..count).map(|_| self.expression(scope, 2)).collect();
        expressions.join(", ")
    }

    fn expression(&mut self, scope: &Scope, depth: usize) -> String {
        if depth == 0 || self.choices.one_in(3) {
            return self.atom(scope);
        }
        let left = self.expression(scope, depth - 1);
        let right = self.expression(scope, depth - 1);
        match self.choices.below(8) {
            0..3 => format!("({left} + {right})"),
            3..5 => format!("({left} - {right})"),
            5..7 => format!("{left} * {right}"),
            _ if self.choices.one_in(4) => format!("({left} / ({right} + 1000003))"),
            _ => format!("(-{left})"),
        }
    }

    fn atom(&mut self, scope: &Scope) -> String {
        let small: Vec<String> = scope.small.iter().map(|(name, _)| name.clone()).collect();
        let chosen = match self.choices.below(6) {
            0 | 1 => self.pick(&scope.values),
            2 => self.pick(&scope.mutable),
            3 => self.pick(&small),
            4 => self.cell(scope),
            _ => None,
        };
        match chosen {
            Some(text) => text,
            None if self.choices.one_in(4) => "STEP".to_owned(),
            None if self.choices.one_in(4) => "TABLE[2][1]".to_owned(),
            None => self.choices.below(6).to_string(),
        }
    }

    /// An element of an array, at a constant or a small index.
    fn cell(&mut self, scope: &Scope) -> Option<String> {
        let names: Vec<String> = scope.arrays.iter().map(|(name, _)| name.clone()).collect();
        let name = self.pick(&names)?;
        let size = scope.arrays.iter().find(|(other, _)| *other == name)?.1;
        let fitting: Vec<String> = scope
            .small
            .iter()
            .filter(|(_, bound)| *bound <= size)
            .map(|(small, _)| small.clone())
            .collect();
        let index = match self.choices.one_in(2) {
            true => self.pick(&fitting),
            false => None,
        };
        let index = index.unwrap_or_else(|| self.choices.below(size).to_string());
        Some(format!("{name}[{index}]"))
    }

    /// A condition that both holds and fails often.
    fn condition(&mut self, scope: &Scope) -> String {
        let small: Vec<String> = scope.small.iter().map(|(name, _)| name.clone()).collect();
        let left = self
            .pick(&small)
            .unwrap_or_else(|| self.choices.below(2).to_string());
        let operator = ["==", "!="][self.choices.below(2)];
        let right = match self.choices.one_in(4) {
            true => self.expression(scope, 1),
            false => self.choices.below(SMALL).to_string(),
        };
        format!("{left} {operator} {right}")
    }

    fn statement(&mut self, scope: &mut Scope, depth: usize) {
        self.budget = self.budget.saturating_sub(1);
        let compound = depth < 4 && self.budget > 0;
        match self.choices.below(15) {
            0 | 1 => {
                let value = self.expression(scope, 3);
                let name = self.name("v");
                self.line(depth, &format!("{name} = {value}"));
                scope.values.push(name);
            }
            2 => {
                let value = self.expression(scope, 2);
                let name = self.name("m");
                self.line(depth, &format!("{name}: Mut = {value}"));
                scope.mutable.push(name);
            }
            3 | 4 => {
                if let Some(name) = self.pick(&scope.mutable) {
                    let operator = ["=", "+=", "-=", "*="][self.choices.below(4)];
                    let value = self.expression(scope, 2);
                    self.line(depth, &format!("{name} {operator} {value}"));
                }
            }
            5 => {
                let value = self.expression(scope, 2);
                self.line(depth, &format!("print({value})"));
            }
            6 => self.array(scope, depth),
            7 if compound => self.branch(scope, depth),
            8 if compound => self.declared(scope, depth),
            9 if compound => self.cases(scope, depth),
            10 | 11 if compound => self.repeat(scope, depth),
            12 | 13 => self.call(scope, depth),
            14 => self.assertion(scope, depth),
            _ => {}
        }
    }

    fn array(&mut self, scope: &mut Scope, depth: usize) {
        let size = SMALL + self.choices.below(3);
        let name = self.name("a");
        self.line(depth, &format!("{name} = Array({size})"));
        for index in 0..size {
            let value = self.expression(scope, 1);
            self.line(depth, &format!("{name}[{index}] = {value}"));
        }
        scope.arrays.push((name, size));
    }

    fn block(&mut self, scope: &Scope, depth: usize) {
        let mut inner = scope.clone();
        self.statements(&mut inner, depth);
        self.line(depth, "pass");
    }

    fn branch(&mut self, scope: &Scope, depth: usize) {
        let condition = self.condition(scope);
        self.line(depth, &format!("if {condition}:"));
        self.block(scope, depth + 1);
        if self.choices.one_in(3) {
            let condition = self.condition(scope);
            self.line(depth, &format!("elif {condition}:"));
            self.block(scope, depth + 1);
        }
        if self.choices.one_in(2) {
            self.line(depth, "else:");
            self.block(scope, depth + 1);
        }
    }

    fn declared(&mut self, scope: &mut Scope, depth: usize) {
        let name = self.name("d");
        self.line(depth, &format!("{name}: Imu"));
        let condition = self.condition(scope);
        for header in [format!("if {condition}:"), "else:".to_owned()] {
            self.line(depth, &header);
            let mut inner = scope.clone();
            self.statements(&mut inner, depth + 1);
            let value = self.expression(&inner, 2);
            self.line(depth + 1, &format!("{name} = {value}"));
        }
        scope.values.push(name);
    }

    fn cases(&mut self, scope: &mut Scope, depth: usize) {
        let index = self.choices.below(scope.small.len().max(1));
        let Some((name, bound)) = scope.small.get(index).cloned() else {
            return;
        };
        if self.choices.one_in(2) {
            self.line(depth, &format!("match {name}:"));
            for case in 0..bound {
                self.line(depth + 1, &format!("case {case}:"));
                self.block(scope, depth + 2);
            }
            return;
        }
        let result = self.name("v");
        let parameter = self.name("i");
        let mut inner = scope.clone();
        inner.small.push((parameter.clone(), bound));
        let value = self.expression(&inner, 2);
        self.line(
            depth,
            &format!(
                "{result} = match_range({name}, range(0, {bound}), lambda {parameter}: {value})"
            ),
        );
        scope.values.push(result);
    }

    fn repeat(&mut self, scope: &Scope, depth: usize) {
        let variable = self.name("i");
        let mut inner = scope.clone();
        let run_time = self.choices.one_in(2);
        let small = self.choices.below(scope.small.len().max(1));
        let header = match scope.small.get(small) {
            Some((end, bound)) if run_time => {
                inner.small.push((variable.clone(), *bound));
                format!("range(0, {end})")
            }
            _ => {
                let end = 1 + self.choices.below(3);
                inner.small.push((variable.clone(), end));
                let kind = match self.style.unroll {
                    true => "unroll",
                    false => "range",
                };
                format!("{kind}(0, {end})")
            }
        };
        self.line(depth, &format!("for {variable} in {header}:"));
        self.block(&inner, depth + 1);
    }

    fn call(&mut self, scope: &mut Scope, depth: usize) {
        if self.functions.is_empty() {
            return;
        }
        let index = self.choices.below(self.functions.len());
        let results = self.functions[index].results;
        let parameters = self.functions[index].parameters;
        let mut arguments: Vec<String> =
            (0..parameters).map(|_| self.expression(scope, 2)).collect();
        arguments.push(self.choices.below(SMALL).to_string());
        let names: Vec<String> = (0..results).map(|_| self.name("v")).collect();
        self.line(
            depth,
            &format!("{} = f{index}({})", names.join(", "), arguments.join(", ")),
        );
        scope.values.extend(names);
    }

    fn assertion(&mut self, scope: &mut Scope, depth: usize) {
        let small: Vec<String> = scope.small.iter().map(|(name, _)| name.clone()).collect();
        let text = match self.choices.below(6) {
            0 => self
                .pick(&small)
                .map(|name| format!("assert {name} < {SMALL}")),
            1 => self
                .pick(&small)
                .map(|name| format!("assert {name} <= {}", 1 + self.choices.below(SMALL))),
            2 => {
                let value = self.expression(scope, 2);
                Some(format!("assert {value} != 12345"))
            }
            3 => self.cell(scope).map(|cell| format!("{cell} = {cell}")),
            4 => {
                let value = self.expression(scope, 2);
                Some(format!("assert {value} + 1 == 1 + {value}"))
            }
            _ => match self.choices.one_in(4) {
                true => Some(format!("assert {}", self.condition(scope))),
                false => None,
            },
        };
        if let Some(text) = text {
            self.line(depth, &text);
        }
    }
}
