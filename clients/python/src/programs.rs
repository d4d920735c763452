//! Guest programs: compiled, run, proved, verified.

use std::collections::BTreeMap;
use std::sync::Arc;

use leanvm_client as client;
use leanvm_fast::execution::{self, Input, Limits, MAX_CYCLES};
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::isa;
use leanvm_fast::memory::MAX_CELLS;
use leanvm_fast::prover::{self, ProveOptions};
use leanvm_fast::tables::{TableId, Trace};
use leanvm_fast::verifier::{self, VerifyOptions};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::arguments::{Number, Slot, Words, digits};
use crate::failures::Failure;
use crate::work::{Bounds, Cancel, go_on, long, short};

/// A guest program.
#[pyclass(frozen, module = "leanvm")]
#[derive(Clone, Debug)]
pub(crate) struct Program {
    program: Arc<isa::Program>,
}

impl Program {
    fn of(program: isa::Program) -> Self {
        let program = Arc::new(program);
        Self { program }
    }
}

#[pymethods]
impl Program {
    #[new]
    fn new(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        short(py, || {
            let program = isa::Program::decode(data);
            program.map(Self::of).map_err(Failure::malformed)
        })
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.program.encode())
    }

    #[getter]
    fn digest(&self) -> [u32; 8] {
        self.program.digest().map(to_canonical)
    }

    /// The program as assembly.
    fn __str__(&self) -> String {
        client::disassemble(&self.program)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.program == other.program
    }

    fn __repr__(&self) -> String {
        let bytes: Vec<u8> = self
            .digest()
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect();
        let digits = digits(&bytes);
        let shown = digits.get(..16).unwrap_or_default();
        format!("<leanvm.Program {shown}...>")
    }
}

/// Compiles a text of the guest language.
#[pyfunction]
pub(crate) fn compile(py: Python<'_>, source: String) -> PyResult<Program> {
    long(py, &Bounds::default(), move |_| {
        Ok(Program::of(client::compile(&source)?))
    })
}

/// Assembles a text of assembly.
#[pyfunction]
pub(crate) fn assemble(py: Python<'_>, source: &str) -> PyResult<Program> {
    short(py, || {
        let program = client::assemble(source);
        program.map(Program::of).map_err(Failure::malformed)
    })
}

/// A run of a program to its end.
#[pyclass(frozen, module = "leanvm")]
#[derive(Debug)]
pub(crate) struct Execution {
    program: Arc<isa::Program>,
    execution: Arc<execution::Execution>,
}

/// Bytes of little-endian words, which numpy takes as they are.
fn words<'py>(
    py: Python<'py>,
    count: usize,
    elements: impl Iterator<Item = F>,
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, count * size_of::<u32>(), |bytes| {
        for (to, element) in bytes.as_chunks_mut().0.iter_mut().zip(elements) {
            *to = to_canonical(element).to_le_bytes();
        }
        Ok(())
    })
}

/// The array of numpy, which is looked for only here.
fn array<'py>(
    py: Python<'py>,
    bytes: Bound<'py, PyBytes>,
    shape: &[usize],
) -> PyResult<Bound<'py, PyAny>> {
    let array = py
        .import("numpy")?
        .call_method1("frombuffer", (bytes, "<u4"))?;
    array.call_method1("reshape", (shape.to_vec(),))
}

#[pymethods]
impl Execution {
    #[getter]
    fn cycles(&self) -> usize {
        self.execution.cycles().len()
    }

    #[getter]
    fn used_cells(&self) -> usize {
        self.execution.used_cells()
    }

    #[getter]
    fn public(&self) -> Vec<u32> {
        self.execution
            .public()
            .iter()
            .copied()
            .map(to_canonical)
            .collect()
    }

    #[getter]
    fn printed(&self) -> Vec<u32> {
        self.execution
            .printed()
            .iter()
            .copied()
            .map(to_canonical)
            .collect()
    }

    /// The cells of the memory, as an array.
    fn memory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let memory = self.execution.memory();
        let bytes = words(py, memory.len(), memory.iter().copied())?;
        array(py, bytes, &[memory.len()])
    }

    /// For each cycle the index of its instruction and its frame pointer, as an array of two
    /// columns.
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let cycles = self.execution.cycles();
        let elements = cycles.iter().flat_map(|cycle| [F::new(cycle.pc), cycle.fp]);
        let bytes = words(py, 2 * cycles.len(), elements)?;
        array(py, bytes, &[cycles.len(), 2])
    }

    /// The committed columns of each table that is not empty, by its name in SPEC.md, section 9.
    fn trace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (program, execution) = (self.program.clone(), self.execution.clone());
        let trace = long(py, &Bounds::default(), move |_| {
            Ok(Trace::generate(&program, &execution))
        })?;
        let result = PyDict::new(py);
        for id in TableId::ALL {
            let table = trace.table(id);
            if table.rows == 0 {
                continue;
            }
            let count = table.columns.len();
            let elements = table.columns.iter().flatten().copied();
            let bytes = words(py, count * table.rows, elements)?;
            result.set_item(id.name(), array(py, bytes, &[count, table.rows])?)?;
        }
        Ok(result)
    }

    fn __repr__(&self) -> String {
        format!("<leanvm.Execution of {} cycles>", self.cycles())
    }
}

/// Runs a program.
#[pyfunction]
#[pyo3(signature = (program, public = Words(Vec::new()), private = None, *,
    max_cycles = Number(MAX_CYCLES), max_cells = Slot(MAX_CELLS), timeout = None, cancel = None),
    text_signature = "(program, public=(), private=None, *, max_cycles=16777216, \
    max_cells=67108864, timeout=None, cancel=None)")]
#[expect(
    clippy::too_many_arguments,
    reason = "they have names where it is called"
)]
pub(crate) fn run(
    py: Python<'_>,
    program: &Program,
    public: Words,
    private: Option<BTreeMap<String, Vec<Words>>>,
    max_cycles: Number,
    max_cells: Slot,
    timeout: Option<f64>,
    cancel: Option<&Bound<'_, Cancel>>,
) -> PyResult<Execution> {
    let bounds = Bounds::new(timeout, cancel, None)?;
    let mut input = Input::new(&public.0).map_err(Failure::malformed)?;
    for (name, lists) in private.unwrap_or_default() {
        for list in lists {
            input = input
                .with_list(&name, &list.0)
                .map_err(Failure::malformed)?;
        }
    }
    let limits = Limits {
        cycles: max_cycles.0,
        cells: max_cells.0,
    };
    let program = program.program.clone();
    long(py, &bounds, move |_| {
        let execution = execution::execute(&program, &input, &limits)?;
        let execution = Arc::new(execution);
        Ok(Execution { program, execution })
    })
}

/// Proves a run; the result is the bytes of the proof.
#[pyfunction]
#[pyo3(signature = (execution, *, log_inv_rate = Number(1), threads = None, timeout = None,
    cancel = None),
    text_signature = "(execution, *, log_inv_rate=1, threads=None, timeout=None, cancel=None)")]
pub(crate) fn prove<'py>(
    py: Python<'py>,
    execution: &Execution,
    log_inv_rate: Number,
    threads: Option<Number>,
    timeout: Option<f64>,
    cancel: Option<&Bound<'py, Cancel>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let bounds = Bounds::new(timeout, cancel, threads)?;
    let log_inv_rate = u32::try_from(log_inv_rate.0).ok();
    let log_inv_rate = log_inv_rate.filter(|rate| (1..=4).contains(rate));
    let log_inv_rate =
        log_inv_rate.ok_or_else(|| Failure::input("log_inv_rate is 1, 2, 3 or 4"))?;
    let (program, execution) = (execution.program.clone(), execution.execution.clone());
    let proof = long(py, &bounds, move |give_up| {
        let observer = |_: &'static str| go_on(give_up);
        let options = ProveOptions {
            log_inv_rate,
            observer: Some(&observer),
            ..ProveOptions::default()
        };
        Ok(prover::prove(&program, &execution, &options)?.proof)
    })?;
    Ok(PyBytes::new(py, &proof))
}

/// Verifies a proof that the program accepts a public input.
#[pyfunction]
pub(crate) fn verify_program(
    py: Python<'_>,
    program: &Program,
    public: Words,
    proof: &[u8],
) -> PyResult<()> {
    short(py, || {
        let options = VerifyOptions::default();
        verifier::verify(&program.program, &public.0, proof, &options)?;
        Ok(())
    })
}
