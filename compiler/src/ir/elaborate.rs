//! From the checked tree to the intermediate representation: instances of functions, scopes, and
//! the joins of branches.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::budget::{Blamed, MAX_INSTANCES, STATEMENT, statement_name};
use super::builder::Builder;
use super::list::List;
use super::{End, Function, InlineCall, Operand, Program, instance_name};
use crate::ast::{self, Identifier, ParameterKind};
use crate::check::CheckedProgram;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Symbol};

/// Greatest depth of inline calls and run-time blocks within each other.
const MAX_DEPTH: usize = 512;

/// A result or the diagnostic that ends the compilation.
pub(super) type Result<T> = std::result::Result<T, Diagnostic>;

/// What a name is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// A field element, at run time or at compile time.
    Scalar(Operand),
    /// A list that exists at compile time.
    List(Rc<List>),
}

/// Variables of a block; `None` is declared and not assigned.
pub(super) type Scope = HashMap<Symbol, Option<Data>>;

/// The scopes of a function, innermost last. Arms share those that they do not change.
pub(super) type Scopes = Vec<Rc<Scope>>;

/// What is left to elaborate, the next item last.
#[derive(Clone)]
pub(super) enum Work<'a> {
    /// Statements.
    Block(&'a [ast::Statement]),
    /// Iterations of an unrolled loop.
    Unroll {
        /// Its variable.
        variable: &'a Identifier,
        /// The next iteration.
        next: u32,
        /// One past the last.
        end: u32,
        /// Its body.
        body: &'a [ast::Statement],
        /// What had been spent before the first iteration.
        began: usize,
        /// The header line.
        span: Span,
    },
    /// The end of a scope.
    PopScope,
}

/// Where the control goes after statements.
pub(super) enum Flow {
    /// On.
    Next,
    /// Out of the function, with results.
    Returned(Vec<Data>),
    /// Nowhere: all arms of a branch have left.
    Ended,
    /// Nowhere: the execution has failed.
    Never,
}

/// The state of an elaboration.
pub(super) struct Elaborator<'a> {
    pub(super) program: &'a CheckedProgram,
    instances: BTreeMap<(usize, Vec<Option<u32>>), usize>,
    queue: Vec<(usize, Vec<Option<u32>>)>,
    inline_calls: Vec<InlineCall>,
    pub(super) hint_calls: BTreeSet<Span>,
    inline_call_ids: BTreeMap<(Option<u32>, Span), u32>,
    pub(super) blamed: Blamed,
    pub(super) constants: HashMap<Symbol, Data>,
    pub(super) builder: Builder,
    pub(super) scopes: Scopes,
    /// The variables known at compile time that diagnostics and failures name: those of `unroll`
    /// and lambdas and `Const` parameters, each with the number of scopes up to its own. The
    /// innermost last.
    pub(super) known: Vec<(usize, Symbol, u32)>,
    /// First scope of the inline call or function that is being elaborated.
    pub(super) base: usize,
    /// Whether it is an inline call.
    pub(super) inline: bool,
    /// The number of its results.
    pub(super) results: usize,
    /// The names that this function or inline call declares `Mut`.
    pub(super) mutable: Rc<HashSet<Symbol>>,
    mutable_of: HashMap<usize, Rc<HashSet<Symbol>>>,
    /// The names that the body of a loop assigns, by the place of the loop.
    pub(super) assigned_in: HashMap<Span, Rc<[Symbol]>>,
    /// Whether what is left is all that is left of the function.
    pub(super) tail: bool,
    pub(super) depth: usize,
}

/// Elaborates a program; the first function of the result is `main`.
///
/// # Errors
///
/// The first diagnostic.
pub(crate) fn elaborate(program: &CheckedProgram) -> std::result::Result<Program, Diagnostic> {
    let mut elaborator = Elaborator {
        program,
        instances: BTreeMap::new(),
        inline_calls: Vec::new(),
        hint_calls: BTreeSet::new(),
        inline_call_ids: BTreeMap::new(),
        queue: Vec::new(),
        blamed: Blamed::default(),
        constants: HashMap::new(),
        builder: Builder::new(Span::default()),
        scopes: Vec::new(),
        known: Vec::new(),
        base: 0,
        inline: false,
        results: 0,
        mutable: Rc::default(),
        mutable_of: HashMap::new(),
        assigned_in: HashMap::new(),
        tail: false,
        depth: 0,
    };
    elaborator.instance(program.main, Vec::new(), Span::default())?;
    let mut functions = Vec::new();
    while functions.len() < elaborator.queue.len() {
        let (index, constants) = elaborator.queue[functions.len()].clone();
        functions.push(elaborator.function(index, &constants)?);
    }
    Ok(Program {
        functions,
        inline_calls: elaborator.inline_calls,
        hint_calls: elaborator.hint_calls,
    })
}

impl<'a> Elaborator<'a> {
    /// A diagnostic at the current statement.
    pub(super) fn fail<T>(&self, code: Code, span: Span, message: &str, remedy: &str) -> Result<T> {
        let diagnostic = Diagnostic::new(code, span, message, remedy);
        Err(diagnostic.with_values(self.known_here()))
    }

    /// The instance of a function and its compile-time arguments: its index.
    pub(super) fn instance(
        &mut self,
        function: usize,
        constants: Vec<Option<u32>>,
        span: Span,
    ) -> Result<usize> {
        let key = (function, constants);
        if let Some(index) = self.instances.get(&key) {
            return Ok(*index);
        }
        if self.queue.len() >= MAX_INSTANCES {
            let function = &self.program.functions[function].function;
            let constants = constants_of(function, &key.1);
            return self.too_many_instances(&function.name.name, &constants, span);
        }
        self.pay(STATEMENT + key.1.len(), span)?;
        self.queue.push(key.clone());
        self.instances.insert(key, self.queue.len() - 1);
        Ok(self.queue.len() - 1)
    }

    /// The names that a function declares `Mut`.
    pub(super) fn mutable_names(&mut self, index: usize) -> Rc<HashSet<Symbol>> {
        let function = &self.program.functions[index].function;
        let names = self.mutable_of.entry(index).or_insert_with(|| {
            let parameters = function.parameters.iter();
            let mut names = parameters
                .filter(|parameter| parameter.kind == ParameterKind::Mut)
                .map(|parameter| parameter.name.name.clone())
                .collect();
            declared_mutable(&function.body, &mut names);
            Rc::new(names)
        });
        Rc::clone(names)
    }

    fn function(&mut self, index: usize, constants: &[Option<u32>]) -> Result<Function> {
        let program = self.program;
        let checked = &program.functions[index];
        let function = &checked.function;
        let began = self.builder.spent;
        self.builder = Builder::new(function.span);
        self.builder.spent = began;
        self.base = 0;
        self.inline = false;
        self.results = checked.results;
        self.mutable = self.mutable_names(index);
        self.tail = true;
        let mut scope = Scope::new();
        let mut parameters = Vec::new();
        for (i, parameter) in function.parameters.iter().enumerate() {
            let operand = match constants.get(i).copied().flatten() {
                Some(constant) if parameter.kind == ParameterKind::Const => {
                    Operand::Constant(constant)
                }
                _ => {
                    let value = self.builder.value();
                    parameters.push(value);
                    Operand::Value(value)
                }
            };
            scope.insert(parameter.name.name.clone(), Some(Data::Scalar(operand)));
        }
        let constants = constants_of(function, constants);
        self.scopes.clear();
        self.open(scope, constants.iter().cloned());
        self.builder.open();
        let name = &function.name.name;
        let flow = self.run(vec![Work::Block(&function.body)]);
        let flow = self.blame(
            flow,
            began,
            || format!("in `{}`", instance_name(name, &constants)),
            function.span,
        )?;
        let end = self.function_end(flow, function.span)?;
        let body = self.builder.close(end);
        Ok(Function {
            name: name.clone(),
            constants,
            span: function.span,
            parameters,
            results: checked.results,
            body,
            value_levels: std::mem::take(&mut self.builder.value_levels),
            arrays: std::mem::take(&mut self.builder.arrays),
        })
    }

    fn function_end(&self, flow: Flow, span: Span) -> Result<End> {
        Ok(match flow {
            Flow::Next => {
                self.may_end(span)?;
                End::Return(Vec::new())
            }
            Flow::Returned(values) => End::Return(self.scalars(&values, span)?),
            Flow::Ended | Flow::Never => End::Never,
        })
    }

    /// Refuses an end without `return` of a function or inline call that has results: they would be
    /// unconstrained. The checker leaves paths that depend on `Const` values to this place.
    pub(super) fn may_end(&self, span: Span) -> Result<()> {
        if self.results == 0 {
            return Ok(());
        }
        self.fail(
            Code::MissingReturn,
            span,
            "a path through this function returns nothing while another returns something",
            "return as many values on every path, for every value of its `Const` parameters",
        )
    }

    /// The number of an inline call where the elaboration stands; a call in an unrolled loop has
    /// one.
    pub(super) fn inline_call(&mut self, function: &Symbol, span: Span) -> Result<u32> {
        self.pay(STATEMENT, span)?;
        let within = self.builder.inline_call;
        let next = self.inline_calls.len() as u32;
        let id = *self.inline_call_ids.entry((within, span)).or_insert(next);
        if id == next {
            self.inline_calls.push(InlineCall {
                function: function.clone(),
                span,
                within,
            });
        }
        Ok(id)
    }

    /// Elaborates what is left, until it is done or leaves.
    pub(super) fn run(&mut self, mut work: Vec<Work<'a>>) -> Result<Flow> {
        while let Some(item) = work.pop() {
            match item {
                Work::PopScope => {
                    self.scopes.pop();
                }
                Work::Unroll { next, end, .. } if next >= end => {}
                Work::Unroll {
                    variable,
                    next,
                    end,
                    body,
                    began,
                    span,
                } => {
                    work.push(Work::Unroll {
                        variable,
                        next: next + 1,
                        end,
                        body,
                        began,
                        span,
                    });
                    work.push(Work::PopScope);
                    work.push(Work::Block(body));
                    self.open_with(&variable.name, next);
                    let paid = self.pay(STATEMENT, variable.span);
                    self.blame_unrolled(paid, &work)?;
                }
                Work::Block([]) => {}
                Work::Block([statement, rest @ ..]) => {
                    work.push(Work::Block(rest));
                    let began = self.builder.spent;
                    self.builder.span = statement.span;
                    let flow = self
                        .pay(1, statement.span)
                        .and_then(|()| self.statement(statement, &mut work));
                    let flow =
                        self.blame(flow, began, || statement_name(statement), statement.span);
                    match self.blame_unrolled(flow, &work)? {
                        Flow::Next => {}
                        leaves => return Ok(leaves),
                    }
                }
            }
        }
        Ok(Flow::Next)
    }

    /// The result of something in the iterations of unrolled loops that are not done, which a
    /// diagnostic about the budget may name.
    fn blame_unrolled<T>(&mut self, mut result: Result<T>, work: &[Work<'a>]) -> Result<T> {
        if result.is_ok() {
            return result;
        }
        for item in work.iter().rev() {
            if let Work::Unroll { began, span, .. } = item {
                result = self.blame(result, *began, || "a loop over `unroll`".to_owned(), *span);
            }
        }
        result
    }

    /// Runs something one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        span: Span,
        action: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return self.fail(
                Code::RecursionTooDeep,
                span,
                "inline calls or blocks are nested too deeply",
                "an `@inline` function cannot be recursive; nest less",
            );
        }
        self.depth += 1;
        let result = action(self);
        self.depth -= 1;
        result
    }

    /// Data as operands.
    pub(super) fn scalars(&self, values: &[Data], span: Span) -> Result<Vec<Operand>> {
        values.iter().map(|data| self.scalar(data, span)).collect()
    }

    /// Data as an operand.
    pub(super) fn scalar(&self, data: &Data, span: Span) -> Result<Operand> {
        match data {
            Data::Scalar(operand) => Ok(*operand),
            Data::List(_) => self.fail(
                Code::TypeMismatch,
                span,
                "a list stands where a number must",
                "index the list, or use `Array`",
            ),
        }
    }
}

/// The `Const` parameters of an instance with their values.
fn constants_of(function: &ast::Function, constants: &[Option<u32>]) -> Vec<(Symbol, u32)> {
    function
        .parameters
        .iter()
        .zip(constants)
        .filter(|(parameter, _)| parameter.kind == ParameterKind::Const)
        .filter_map(|(parameter, constant)| Some((parameter.name.name.clone(), (*constant)?)))
        .collect()
}

/// Adds the names that a block declares `Mut`.
fn declared_mutable(block: &[ast::Statement], names: &mut HashSet<Symbol>) {
    use ast::StatementKind as Tree;
    for statement in block {
        match &statement.kind {
            Tree::Declare {
                name,
                annotation: ast::Annotation::Mut,
            } => {
                names.insert(name.name.clone());
            }
            Tree::Assign { targets, .. } => {
                for target in targets {
                    if let ast::TargetKind::Name {
                        name,
                        annotation: Some(ast::Annotation::Mut),
                    } = &target.kind
                    {
                        names.insert(name.name.clone());
                    }
                }
            }
            Tree::If {
                then, otherwise, ..
            } => {
                declared_mutable(then, names);
                declared_mutable(otherwise, names);
            }
            Tree::For { body, .. } => declared_mutable(body, names),
            Tree::Match { arms, .. } => {
                for arm in arms {
                    declared_mutable(&arm.body, names);
                }
            }
            _ => {}
        }
    }
}
