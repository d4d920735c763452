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
    /// Parameters of any value; arrays and one small constant follow.
    parameters: usize,
    /// Parameters that are arrays of [`SMALL`] cells.
    arrays: usize,
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
    /// The results of the function, where a `return` may stand.
    results: Option<usize>,
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
        results: None,
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
            arrays: self.choices.below(4) / 2,
            results: 1 + self.choices.below(2),
        };
        let mut scope = Scope::default();
        let mut parameters = Vec::new();
        for _ in 0..function.parameters {
            let name = self.name("p");
            parameters.push(name.clone());
            scope.values.push(name);
        }
        for _ in 0..function.arrays {
            let name = self.name("a");
            parameters.push(name.clone());
            scope.arrays.push((name, SMALL));
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
        self.budget = 8;
        self.results = Some(function.results);
        self.statements(&mut scope, 1);
        self.results = None;
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
        self.budget = 25;
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
        match self.choices.below(24) {
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
            15 if scope.mutable.len() > 1 => {
                let first = self.choices.below(scope.mutable.len() - 1);
                let [a, b] = [&scope.mutable[first], &scope.mutable[first + 1]];
                let text = format!("{a}, {b} = {b}, {a} + {b}");
                self.line(depth, &text);
            }
            16 => self.early_return(scope, depth),
            17 => self.run_time_array(scope, depth),
            18 => self.late(scope, depth),
            19 => self.hash(scope, depth),
            20 => self.bits(scope, depth),
            21 if compound => self.selected_call(scope, depth),
            22 => self.alias(scope, depth),
            23 if compound => self.uneven_iterations(scope, depth),
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

    /// A loop whose iterations have chunks, perhaps a loop of such iterations, and arms of
    /// different sizes, one of which may only assign a constant.
    fn uneven_iterations(&mut self, scope: &mut Scope, depth: usize) {
        let Some(name) = self.pick(&scope.mutable) else {
            return;
        };
        let index = self.name("i");
        self.loop_header(scope, depth, &index);
        let mut inner = scope.clone();
        inner.values.push(index.clone());
        self.chunk(&inner, depth + 1);
        if self.choices.one_in(2) {
            let index = self.name("i");
            self.loop_header(scope, depth + 1, &index);
            inner.values.push(index);
            self.chunk(&inner, depth + 2);
            inner.values.pop();
            if self.choices.one_in(2) {
                let value = self.expression(&inner, 1);
                self.line(depth + 2, &format!("{name} += {value}"));
            }
        }
        let cells = self.name("a");
        let value = self.expression(&inner, 2);
        let small = self.choices.below(SMALL);
        let comparison = ["==", "!="][self.choices.below(2)];
        self.line(depth + 1, &format!("if {index} {comparison} {small}:"));
        match self.choices.below(3) {
            0 => self.line(depth + 2, &format!("{name} = {small}")),
            1 => self.line(depth + 2, &format!("{name} += 1")),
            _ => self.line(depth + 2, "pass"),
        }
        self.line(depth + 1, "else:");
        self.line(depth + 2, &format!("{cells} = Array(30)"));
        for cell in 0..30 {
            self.line(depth + 2, &format!("{cells}[{cell}] = {value} + {cell}"));
        }
        self.line(
            depth + 2,
            &format!("{name} = {cells}[{small}] * {cells}[29]"),
        );
        if self.choices.one_in(2) {
            let value = self.expression(&inner, 1);
            self.line(depth + 1, &format!("{name} += {value}"));
        }
    }

    /// The header of a loop of a few iterations, whose number is known or not.
    fn loop_header(&mut self, scope: &Scope, depth: usize, index: &str) {
        let iterations = match scope.small.first() {
            Some((small, _)) if self.choices.one_in(2) => small.clone(),
            _ => self.choices.below(12).to_string(),
        };
        self.line(depth, &format!("for {index} in range(0, {iterations}):"));
    }

    /// A chunk with two values.
    fn chunk(&mut self, scope: &Scope, depth: usize) {
        let name = self.name("a");
        self.line(depth, &format!("{name} = Array(8)"));
        for index in [0, 7] {
            let value = self.expression(scope, 1);
            self.line(depth, &format!("{name}[{index}] = {value}"));
        }
    }

    /// An array whose size is known at run time only, at least [`SMALL`].
    fn run_time_array(&mut self, scope: &mut Scope, depth: usize) {
        let Some((small, _)) = scope.small.first().cloned() else {
            return;
        };
        let name = self.name("a");
        let index = self.name("i");
        self.line(depth, &format!("{name} = Array({small} + {SMALL})"));
        let kind = ["range", "parallel_range"][self.choices.below(2)];
        self.line(
            depth,
            &format!("for {index} in {kind}(0, {small} + {SMALL}):"),
        );
        let mut inner = scope.clone();
        inner.values.push(index.clone());
        let value = self.expression(&inner, 2);
        self.line(depth + 1, &format!("{name}[{index}] = {value}"));
        scope.arrays.push((name, SMALL));
    }

    /// A cell that is passed on before it has its value.
    fn late(&mut self, scope: &mut Scope, depth: usize) {
        let name = self.name("a");
        let value = self.name("v");
        self.line(depth, &format!("{name} = Array(2)"));
        self.line(depth, &format!("{value} = {name}[0]"));
        if self.choices.one_in(2) {
            self.line(depth, &format!("{name}[1] = {value}"));
        }
        let expression = self.expression(scope, 2);
        self.line(depth, &format!("{name}[0] = {expression}"));
        scope.values.push(value);
    }

    /// A cell of an outer block that gets its value in an iteration, by another pointer to it, and
    /// is then read there.
    fn alias(&mut self, scope: &mut Scope, depth: usize) {
        let [cells, pointers, pointer, index] =
            ["a", "a", "q", "i"].map(|prefix| self.name(prefix));
        let value = self.name("v");
        let expression = self.expression(scope, 2);
        let kind = match self.style.unroll {
            true => "unroll",
            false => "range",
        };
        for line in [
            format!("{cells} = Array(2)"),
            format!("{pointers} = Array(1)"),
            format!("{pointers}[0] = {cells}"),
            format!("for {index} in {kind}(0, {}):", 1 + self.choices.below(2)),
            format!("    {pointer} = {pointers}[0]"),
            format!("    {pointer}[1] = {expression}"),
            format!("    print({cells}[1] + {index})"),
            format!("{value} = {cells}[1]"),
        ] {
            self.line(depth, &line);
        }
        scope.values.push(value);
    }

    fn hash(&mut self, scope: &mut Scope, depth: usize) {
        let input = self.name("a");
        let output = self.name("a");
        self.line(depth, &format!("{input} = Array(8)"));
        for index in 0..8 {
            let value = self.atom(scope);
            self.line(depth, &format!("{input}[{index}] = {value}"));
        }
        self.line(depth, &format!("{output} = Array(8)"));
        let text = match self.choices.below(7) {
            0 => format!("poseidon2_8({input}, {output})"),
            1 => format!("poseidon2_16({input}, {input}, {output})"),
            2 => format!("poseidon2_24({input}, {input}, {input}, {output})"),
            3 => format!(
                "poseidon16_sponge({input}, {input}, 4 * {}, {output}, 1)",
                self.choices.below(2)
            ),
            4 => return self.path(scope, depth, &input),
            5 => return self.chain(scope, depth, &input),
            _ => {
                let first = format!("poseidon16_halves({input}, {input} + 4, {input}, {output})");
                self.line(depth, &first);
                format!("poseidon16_halves({output}, {input} + 4, {input}, {output} + 4)")
            }
        };
        self.line(depth, &text);
        scope.arrays.push((output, 8));
    }

    /// The root of a path of one level from a node.
    fn path(&mut self, scope: &mut Scope, depth: usize, node: &str) {
        let [key, tweak] = ["a", "a"].map(|prefix| self.name(prefix));
        let side = self.choices.below(2);
        self.line(depth, &format!("{key} = Array(8)"));
        self.line(depth, &format!("{tweak} = Array(8)"));
        for index in 0..4 {
            let value = self.atom(scope);
            self.line(depth, &format!("{key}[{}] = {value}", 4 + index));
            let value = self.atom(scope);
            self.line(depth, &format!("{tweak}[{index}] = {value}"));
        }
        for (index, value) in [(4, side), (5, 0), (6, 0), (7, 0)] {
            self.line(depth, &format!("{tweak}[{index}] = {value}"));
        }
        self.line(
            depth,
            &format!("poseidon16_path({key}, {node} + 4, {node}, {tweak}, 1)"),
        );
        scope.arrays.push((key, 8));
    }

    /// Two chains of [`SMALL`] positions.
    fn chain(&mut self, scope: &mut Scope, depth: usize, context: &str) {
        let [chains, digits] = ["a", "a"].map(|prefix| self.name(prefix));
        self.line(depth, &format!("{chains} = Array(16)"));
        for index in [0, 1, 2, 3, 8, 9, 10, 11] {
            let value = self.atom(scope);
            self.line(depth, &format!("{chains}[{index}] = {value}"));
        }
        let small: Vec<String> = scope.small.iter().map(|(name, _)| name.clone()).collect();
        let [low, high] = [(); 2].map(|()| self.pick(&small).unwrap_or_else(|| "3".to_owned()));
        for line in [
            format!("{digits} = Array(3)"),
            format!("{digits}[1] = {high}"),
            format!("{digits}[0] = {low} + {SMALL} * {digits}[1]"),
            format!("poseidon16_chain({context}, {chains}, {SMALL}, {digits}, 2)"),
        ] {
            self.line(depth, &line);
        }
        scope.arrays.push((chains, 16));
        let sum = self.name("v");
        self.line(depth, &format!("{sum} = {digits}[2]"));
        scope.values.push(sum);
    }

    fn bits(&mut self, scope: &mut Scope, depth: usize) {
        let Some((small, _)) = scope.small.last().cloned() else {
            return;
        };
        let name = self.name("a");
        self.line(depth, &format!("{name} = Array(3)"));
        self.line(depth, &format!("hint_decompose_bits({small}, {name}, 3)"));
        self.line(
            depth,
            &format!("assert 4 * {name}[0] + 2 * {name}[1] + {name}[2] == {small}"),
        );
        for index in 0..3 {
            let bit = self.name("b");
            self.line(depth, &format!("{bit} = {name}[{index}]"));
            self.line(depth, &format!("assert {bit} * {bit} == {bit}"));
            scope.small.push((bit, 2));
        }
    }

    fn early_return(&mut self, scope: &Scope, depth: usize) {
        let Some(results) = self.results else {
            return;
        };
        let condition = self.condition(scope);
        self.line(depth, &format!("if {condition}:"));
        let mut inner = scope.clone();
        if self.choices.one_in(2) {
            self.statements(&mut inner, depth + 1);
        }
        let results = self.expressions(&inner, results);
        self.line(depth + 1, &format!("return {results}"));
    }

    /// A call whose compile-time argument is selected at run time.
    fn selected_call(&mut self, scope: &mut Scope, depth: usize) {
        let Some((small, bound)) = scope.small.first().cloned() else {
            return;
        };
        if self.functions.is_empty() {
            return;
        }
        let index = self.choices.below(self.functions.len());
        let parameter = self.name("i");
        let split = self.choices.below(bound);
        let Some(first) = self.arguments(scope, index, &parameter) else {
            return;
        };
        let Some(second) = self.arguments(scope, index, "1") else {
            return;
        };
        let results = self.functions[index].results;
        let names: Vec<String> = (0..results).map(|_| self.name("v")).collect();
        let other = self.name("i");
        let mut arms = format!("range({split}, {bound}), lambda {parameter}: f{index}({first})");
        if split > 0 {
            arms = format!("range(0, {split}), lambda {other}: f{index}({second}), {arms}");
        }
        self.line(
            depth,
            &format!("{} = match_range({small}, {arms})", names.join(", ")),
        );
        scope.values.extend(names);
    }

    /// Arguments of a function, the last of them given.
    fn arguments(&mut self, scope: &Scope, index: usize, last: &str) -> Option<String> {
        let Function {
            parameters, arrays, ..
        } = self.functions[index];
        let mut arguments: Vec<String> =
            (0..parameters).map(|_| self.expression(scope, 2)).collect();
        for _ in 0..arrays {
            let names: Vec<String> = scope.arrays.iter().map(|(name, _)| name.clone()).collect();
            arguments.push(self.pick(&names)?);
        }
        arguments.push(last.to_owned());
        Some(arguments.join(", "))
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
                match self.choices.below(4) {
                    0 => {
                        inner.mutable.clear();
                        format!("parallel_range(0, {end})")
                    }
                    1 if *bound <= SMALL => format!("dynamic_unroll(0, {end}, 2)"),
                    _ => format!("range(0, {end})"),
                }
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
        let results = self.results.take();
        self.block(&inner, depth + 1);
        self.results = results;
    }

    fn call(&mut self, scope: &mut Scope, depth: usize) {
        if self.functions.is_empty() {
            return;
        }
        let index = self.choices.below(self.functions.len());
        let results = self.functions[index].results;
        let last = self.choices.below(SMALL).to_string();
        let Some(arguments) = self.arguments(scope, index, &last) else {
            return;
        };
        let names: Vec<String> = (0..results).map(|_| self.name("v")).collect();
        self.line(
            depth,
            &format!("{} = f{index}({arguments})", names.join(", ")),
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
