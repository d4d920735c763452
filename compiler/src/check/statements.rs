//! Functions and statements: scopes, assignment and returns on each path.

use super::expressions::{Checker, Phase, Value};
use super::flow::{ScopeKind, Truth, VariableKind, Variables};
use crate::ast::{
    Annotation, BinaryOperator, Block, Comparison, Condition, Expression, ExpressionKind, Function,
    Identifier, MatchArm, ParameterKind, Statement, StatementKind, Target, TargetKind,
};
use crate::diagnostics::{Code, quoted};
use crate::source::Span;

/// The greatest constant bound of a range check, which may make the memory as large.
const MAX_RANGE_CHECK: u32 = 1 << 16;

/// An arm of a branch after its check: what is assigned, and whether its end is reached.
type Arm = (Vec<Truth>, Truth);

/// Whether the end of two statements in order is reached.
const fn sequence(first: Truth, second: Truth) -> Truth {
    match (first, second) {
        (Truth::No, _) | (_, Truth::No) => Truth::No,
        (Truth::Yes, Truth::Yes) => Truth::Yes,
        _ => Truth::Depends,
    }
}

impl Checker {
    /// Checks a function with this number of results.
    pub(super) fn function(&mut self, function: &Function, results: usize) {
        self.variables = Variables::default();
        self.results = results;
        self.variables.open(ScopeKind::Plain);
        for parameter in &function.parameters {
            let name = &parameter.name;
            self.shadows_constant(name);
            if self.variables.find(&name.name).is_some() {
                self.duplicate(name);
            }
            let kind = match parameter.kind {
                ParameterKind::Mut => VariableKind::Mut,
                _ => VariableKind::Fixed,
            };
            let value = match parameter.kind {
                _ if function.inline => Value::any(),
                ParameterKind::Const => Value::number(Phase::Compile),
                ParameterKind::Plain | ParameterKind::Mut => Value::number(Phase::Run),
            };
            self.variables
                .declare(&name.name, name.span, kind, value, Truth::Yes);
        }
        let end = self.block(&function.body, ScopeKind::Plain);
        self.variables.close();
        if end == Truth::Yes && results > 0 {
            self.report(
                Code::MissingReturn,
                function.span,
                &format!(
                    "a path through {} returns nothing",
                    quoted(&function.name.name)
                ),
                "end each path with `return`, or with `assert False` where no execution comes",
            );
        }
    }

    fn duplicate(&mut self, name: &Identifier) {
        self.report(
            Code::DuplicateName,
            name.span,
            &format!("{} is declared already", quoted(&name.name)),
            "assign it without an annotation, or take another name",
        );
    }

    /// Checks a block in a scope of its own and says whether its end is reached.
    pub(super) fn block(&mut self, block: &Block, kind: ScopeKind) -> Truth {
        self.variables.open(kind);
        let mut reached = Truth::Yes;
        let mut dead = false;
        for statement in block {
            if reached == Truth::No && !dead {
                dead = true;
                self.dead += 1;
            }
            reached = sequence(reached, self.statement(statement));
        }
        self.dead -= usize::from(dead);
        for (variable, assigned) in self.variables.close() {
            let never = variable.kind == VariableKind::Imu && assigned == Truth::No;
            if never && reached != Truth::No {
                self.report_live(
                    Code::NotAssigned,
                    variable.span,
                    &format!("{} is never assigned", quoted(&variable.name)),
                    "assign it once on each path, or remove it",
                );
            }
        }
        reached
    }

    /// Checks a block that no execution reaches.
    fn dead_block(&mut self, block: &Block) {
        let before = self.variables.assigned.clone();
        self.dead += 1;
        self.block(block, ScopeKind::Plain);
        self.dead -= 1;
        self.variables.assigned = before;
    }

    /// Checks an arm and goes back to what is assigned before it.
    fn arm(&mut self, block: &Block) -> Arm {
        let before = self.variables.assigned.clone();
        let end = self.block(block, ScopeKind::Plain);
        (std::mem::replace(&mut self.variables.assigned, before), end)
    }

    /// Joins the arms of a branch, which is decided at run time or at compile time, and says
    /// whether its end is reached.
    fn join(&mut self, arms: &[Arm], phase: Phase, span: Span) -> Truth {
        let live: Vec<&Arm> = arms.iter().filter(|(_, end)| *end != Truth::No).collect();
        let Some((first, _)) = live.first() else {
            return Truth::No;
        };
        let decided = phase == Phase::Run && live.iter().all(|(_, end)| *end == Truth::Yes);
        let mut joined = first.clone();
        let same = live.iter().all(|(assigned, _)| assigned == first);
        let differing = if same { &mut [][..] } else { &mut joined[..] };
        for (index, truth) in differing.iter_mut().enumerate() {
            if live.iter().all(|(assigned, _)| assigned[index] == *truth) {
                continue;
            }
            let depends = live
                .iter()
                .any(|(assigned, _)| assigned[index] == Truth::Depends);
            if !decided || depends {
                *truth = Truth::Depends;
                continue;
            }
            let variable = self.variables.get(index);
            *truth = Truth::No;
            if variable.kind == VariableKind::Imu {
                *truth = Truth::Yes;
                let message = format!(
                    "{} is assigned on some of these paths only",
                    quoted(&variable.name)
                );
                self.report_live(
                    Code::NotAssigned,
                    span,
                    &message,
                    "assign it once on each path",
                );
            }
        }
        self.variables.assigned = joined;
        let some = live.iter().any(|(_, end)| *end == Truth::Yes);
        let all = arms.iter().all(|(_, end)| *end == Truth::Yes);
        match phase {
            Phase::Run if some => Truth::Yes,
            Phase::Compile if all => Truth::Yes,
            _ => Truth::Depends,
        }
    }

    /// Checks a statement and says whether its end is reached.
    fn statement(&mut self, statement: &Statement) -> Truth {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Declare { name, annotation } => self.declare(name, *annotation),
            StatementKind::Assign { targets, values } => self.assign(targets, values, span),
            StatementKind::Update {
                target,
                operator,
                value,
            } => self.update(target, *operator, value, span),
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => return self.branch(condition, then, otherwise, span),
            StatementKind::For { .. } => return self.for_loop(statement),
            StatementKind::Match { value, arms } => return self.match_arms(value, arms, span),
            StatementKind::Return { values } => {
                self.return_values(values, span);
                return Truth::No;
            }
            StatementKind::Assert { condition, .. } => self.assertion(condition),
            StatementKind::DebugAssert { condition, .. } => {
                self.condition(condition);
            }
            StatementKind::Panic { .. } => return Truth::No,
            StatementKind::Print { arguments } => {
                for argument in arguments {
                    if !matches!(argument.kind, ExpressionKind::Text(_)) {
                        self.number(argument);
                    }
                }
            }
            StatementKind::Call(call) => {
                self.call(call);
            }
        }
        Truth::Yes
    }

    fn declare(&mut self, name: &Identifier, annotation: Annotation) {
        self.shadows_constant(name);
        if self.variables.find(&name.name).is_some() {
            self.duplicate(name);
            return;
        }
        let kind = variable_kind(annotation);
        self.variables
            .declare(&name.name, name.span, kind, Value::any(), Truth::No);
    }

    fn assign(&mut self, targets: &[Target], values: &[Expression], span: Span) {
        let values: Vec<Value> = match values {
            [value] if targets.len() > 1 => {
                let (results, value_of_each) = self.call(value);
                if let Some(results) = results.filter(|results| *results != targets.len()) {
                    self.result_count(span, targets.len(), results);
                }
                vec![value_of_each; targets.len()]
            }
            values => {
                if values.len() != targets.len() {
                    self.result_count(span, targets.len(), values.len());
                }
                values.iter().map(|value| self.expression(value)).collect()
            }
        };
        let values = values.into_iter().chain(std::iter::repeat(Value::any()));
        for (target, value) in targets.iter().zip(values) {
            match &target.kind {
                TargetKind::Discard => {}
                TargetKind::Name { name, annotation } => {
                    self.assign_name(name, *annotation, value);
                }
                TargetKind::Index { base, index } => {
                    self.index(base, index);
                    if self.is_list(base) {
                        self.changes_list(base);
                    }
                    self.store(base, &value, target.span);
                }
            }
        }
    }

    /// Checks that a value may be stored in an element of `base`.
    fn store(&mut self, base: &Expression, value: &Value, span: Span) {
        let mut root = base;
        while let ExpressionKind::Index { base, .. } = &root.kind {
            root = base;
        }
        let constant = match &root.kind {
            ExpressionKind::Name(name) if self.variables.find(name).is_none() => self
                .constants
                .get(name)
                .is_some_and(|constant| constant.list == Some(true)),
            _ => false,
        };
        if constant {
            self.report(
                Code::NotAssignable,
                span,
                "a constant list does not change",
                "make a `DynArray` of it, or store in an `Array`",
            );
        }
        let pointer = matches!(&base.kind, ExpressionKind::Name(name)
        if self.variables.find(name).is_some_and(|index| {
            self.variables.get(index).value.list == Some(false)
        }));
        if pointer && value.list == Some(true) {
            self.report_live(
                Code::TypeMismatch,
                span,
                "a list in a cell of memory",
                "store its elements one by one",
            );
        }
    }

    /// Whether an expression is a variable that holds a list.
    fn is_list(&self, expression: &Expression) -> bool {
        matches!(&expression.kind, ExpressionKind::Name(name)
        if self.variables.find(name).is_some_and(|index| {
            self.variables.get(index).value.list == Some(true)
        }))
    }

    fn assign_name(&mut self, name: &Identifier, annotation: Option<Annotation>, value: Value) {
        let Some(index) = self.variables.find(&name.name) else {
            self.shadows_constant(name);
            let kind = annotation.map_or(VariableKind::Imu, variable_kind);
            let value = match kind {
                // What it holds later is not followed.
                VariableKind::Mut => Value {
                    list: value.list,
                    ..Value::any()
                },
                _ => value,
            };
            self.variables
                .declare(&name.name, name.span, kind, value, Truth::Yes);
            return;
        };
        let again = annotation == Some(Annotation::Mut)
            && self.variables.get(index).kind == VariableKind::Mut;
        if annotation.is_some() && !again {
            self.duplicate(name);
            self.variables.assigned[index] = Truth::Yes;
            return;
        }
        let kinds: Vec<ScopeKind> = self.variables.crossed(index).collect();
        let parallel = kinds.contains(&ScopeKind::ParallelLoop);
        let in_loop = parallel || kinds.contains(&ScopeKind::Loop);
        let assigned = self.variables.assigned[index];
        match self.variables.get(index).kind {
            VariableKind::Fixed => self.report(
                Code::NotAssignable,
                name.span,
                &format!(
                    "{} is a parameter or the variable of a loop",
                    quoted(&name.name)
                ),
                "declare a parameter `Mut`, or take another name",
            ),
            VariableKind::Imu if assigned == Truth::Yes || in_loop => self.report_live(
                Code::AssignedTwice,
                name.span,
                &format!("{} is assigned more than once", quoted(&name.name)),
                "declare it `Mut`, or take another name",
            ),
            VariableKind::Mut if parallel => self.report(
                Code::MutInParallelLoop,
                name.span,
                &format!(
                    "{} changes in a loop of independent iterations",
                    quoted(&name.name)
                ),
                "write `range`, or store results in an array",
            ),
            VariableKind::Mut if in_loop && assigned == Truth::No => self.report_live(
                Code::NotAssigned,
                name.span,
                &format!("{} has no value before the loop", quoted(&name.name)),
                "give it a value before the loop, or declare it in the loop",
            ),
            _ => {}
        }
        self.variables.assigned[index] = Truth::Yes;
    }

    fn update(
        &mut self,
        target: &Target,
        operator: BinaryOperator,
        value: &Expression,
        span: Span,
    ) {
        match &target.kind {
            TargetKind::Discard => {}
            TargetKind::Name { name, .. } => {
                let read = Expression {
                    kind: ExpressionKind::Name(name.name.clone()),
                    span: name.span,
                };
                let left = self.number(&read);
                let right = self.number(value);
                let result = self.folded(operator, &left, &right, span);
                if self.variables.find(&name.name).is_some() {
                    self.assign_name(name, None, result);
                } else {
                    // A constant; an unknown name is reported where it is read.
                    self.shadows_constant(name);
                }
            }
            TargetKind::Index { base, index } => {
                self.index(base, index);
                self.number(value);
                if self.expression(base).list == Some(false) {
                    self.report(
                        Code::NotAssignable,
                        target.span,
                        "a cell of memory has one value for ever",
                        "write to another cell, or use a `Mut` variable",
                    );
                } else {
                    self.store(base, &Value::number(Phase::Run), target.span);
                }
            }
        }
    }

    /// When a condition is decided, and whether it holds if that is known.
    fn condition(&mut self, condition: &Condition) -> (Phase, Option<bool>) {
        let left = self.number(&condition.left);
        let right = self.number(&condition.right);
        let known = match (left.as_integer(), right.as_integer()) {
            (Some(left), Some(right)) => Some(match condition.comparison {
                Comparison::Equal => left == right,
                Comparison::NotEqual => left != right,
                Comparison::Less => left < right,
                Comparison::LessOrEqual => left <= right,
            }),
            _ => None,
        };
        (left.phase.max(right.phase), known)
    }

    fn assertion(&mut self, condition: &Condition) {
        let left = self.number(&condition.left);
        let right = self.number(&condition.right);
        let bound = match condition.comparison {
            Comparison::Less => right.as_integer(),
            Comparison::LessOrEqual => right.as_integer().map(|bound| bound + 1),
            Comparison::Equal | Comparison::NotEqual => None,
        };
        if left.phase == Phase::Run && bound.is_some_and(|bound| bound > MAX_RANGE_CHECK) {
            self.report_live(
                Code::RangeCheckBound,
                condition.right.span,
                "the bound of a range check is above 65536",
                "split the value into smaller limbs, or decompose it into bits",
            );
        }
    }

    fn branch(
        &mut self,
        condition: &Condition,
        then: &Block,
        otherwise: &Block,
        span: Span,
    ) -> Truth {
        let (phase, known) = self.condition(condition);
        let equality = matches!(
            condition.comparison,
            Comparison::Equal | Comparison::NotEqual
        );
        if phase == Phase::Run && !equality {
            self.report_live(
                Code::UnsupportedSyntax,
                condition.span,
                "a branch on `<` or `<=` of values at run time",
                "take a bit as a hint, branch on it, and assert the order in each arm",
            );
        }
        match known {
            Some(true) => {
                self.dead_block(otherwise);
                self.block(then, ScopeKind::Plain)
            }
            Some(false) => {
                self.dead_block(then);
                self.block(otherwise, ScopeKind::Plain)
            }
            None => {
                let arms = [self.arm(then), self.arm(otherwise)];
                self.join(&arms, phase, span)
            }
        }
    }

    fn match_arms(&mut self, value: &Expression, arms: &[MatchArm], span: Span) -> Truth {
        let selector = self.number(value);
        let mut last: Option<u32> = None;
        let mut checked = Vec::new();
        for arm in arms {
            let pattern = self.compile_time(&arm.pattern).as_integer();
            if let (Some(last), Some(pattern)) = (last, pattern)
                && u64::from(last) + 1 != u64::from(pattern)
            {
                self.not_consecutive(arm.pattern.span);
            }
            last = pattern;
            match (selector.as_integer(), pattern) {
                (Some(selected), Some(pattern)) if selected != pattern => {
                    self.dead_block(&arm.body);
                }
                _ => checked.push(self.arm(&arm.body)),
            }
        }
        self.join(&checked, selector.phase, span)
    }

    fn return_values(&mut self, values: &[Expression], span: Span) {
        if self.variables.in_loop() {
            self.report(
                Code::ReturnInLoop,
                span,
                "a `return` in a loop at run time",
                "carry the result in a `Mut` variable and return after the loop",
            );
        }
        let found = match values {
            [value] => self.call(value).0,
            values => {
                for value in values {
                    self.expression(value);
                }
                Some(values.len())
            }
        };
        if let Some(found) = found.filter(|found| *found != self.results) {
            self.result_count(span, self.results, found);
        }
    }
}

const fn variable_kind(annotation: Annotation) -> VariableKind {
    match annotation {
        Annotation::Imu => VariableKind::Imu,
        Annotation::Mut => VariableKind::Mut,
    }
}
