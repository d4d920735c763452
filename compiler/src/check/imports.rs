//! Loading of a program's modules: imports first, each module once, cycles refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::ast::Module;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::parser::parse;
use crate::source::{MAX_SOURCE_BYTES, SourceMap, Span};

/// The module that every program may import and that has no text: it is for editors only.
pub const LINTER_MODULE: &str = "snark_lib";

/// The greatest number of modules of a program.
pub const MAX_MODULES: usize = 256;

/// The text of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedText {
    /// What tells this module from others, and its name in diagnostics.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Where the texts of modules come from.
pub trait Loader {
    /// The text of `module` as the module named `importer` imports it, or nothing if there is none.
    fn load(&mut self, importer: &str, module: &str) -> Option<LoadedText>;
}

/// Modules that are in memory; `a.b` is the entry `a.b`.
impl Loader for BTreeMap<String, String> {
    fn load(&mut self, _importer: &str, module: &str) -> Option<LoadedText> {
        Some(LoadedText {
            name: module.to_owned(),
            text: self.get(module)?.clone(),
        })
    }
}

/// Modules that are files: `a.b` is `a/b.py` in the folder of the program, or else in that of the
/// importing file.
#[derive(Clone, Debug)]
pub struct FileLoader {
    /// The folder of the program.
    root: PathBuf,
}

impl FileLoader {
    /// For the program in a file.
    #[must_use]
    pub fn of(program: &Path) -> Self {
        let root = program.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { root }
    }

    /// Reads the file of a program.
    ///
    /// # Errors
    /// What the file system says, and text that is not UTF-8. A file above [`MAX_SOURCE_BYTES`] is
    /// cut one byte above that, for the lexer to refuse.
    pub fn read(path: &Path) -> std::io::Result<LoadedText> {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        std::fs::File::open(path)?
            .take(MAX_SOURCE_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        let text = if bytes.len() > MAX_SOURCE_BYTES {
            " ".repeat(bytes.len())
        } else {
            String::from_utf8(bytes)
                .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?
        };
        let name = path.display().to_string();
        Ok(LoadedText { name, text })
    }
}

impl Loader for FileLoader {
    fn load(&mut self, importer: &str, module: &str) -> Option<LoadedText> {
        let beside = Path::new(importer).parent();
        let relative = format!("{}.py", module.replace('.', "/"));
        [self.root.as_path()]
            .into_iter()
            .chain(beside)
            .map(|folder| folder.join(&relative))
            .find(|path| path.is_file())
            .and_then(|path| Self::read(&path).ok())
    }
}

/// Parses a program and all that it imports, each module after those that it imports.
///
/// # Errors
/// The errors of the first module that has any; a missing module; modules that import each other.
pub fn load_modules(
    entry: LoadedText,
    loader: &mut dyn Loader,
    sources: &mut SourceMap,
) -> Result<Vec<Module>, Vec<Diagnostic>> {
    let mut loading = Loading {
        loader,
        sources,
        modules: Vec::new(),
        states: BTreeMap::new(),
        bytes: 0,
    };
    loading.module(entry)?;
    Ok(loading.modules)
}

struct Loading<'a> {
    loader: &'a mut dyn Loader,
    sources: &'a mut SourceMap,
    modules: Vec<Module>,
    /// Whether a module is complete; one that is begun and not complete is being imported.
    states: BTreeMap<String, bool>,
    /// The text of all modules so far.
    bytes: usize,
}

impl Loading<'_> {
    fn module(&mut self, loaded: LoadedText) -> Result<(), Vec<Diagnostic>> {
        let LoadedText { name, text } = loaded;
        self.states.insert(name.clone(), false);
        self.bytes += text.len();
        let id = self.sources.add(name.clone(), text);
        let module = match self.sources.get(id) {
            Some(source) => parse(source)?,
            None => return Ok(()),
        };
        let mut imported = BTreeSet::from([LINTER_MODULE]);
        for import in &module.imports {
            if imported.insert(&*import.module) {
                self.import(&name, &import.module, import.span)?;
            }
        }
        self.states.insert(name, true);
        self.modules.push(module);
        Ok(())
    }

    fn import(&mut self, importer: &str, module: &str, span: Span) -> Result<(), Vec<Diagnostic>> {
        let fail = |code, message: String, remedy: &str| {
            Err(vec![Diagnostic::new(code, span, message, remedy)])
        };
        let Some(loaded) = self.loader.load(importer, module) else {
            return fail(
                Code::MissingImport,
                format!("there is no module {}", quoted(module)),
                &format!(
                    "put `{}.py` beside the file of the program, or beside the file that imports it",
                    module.replace('.', "/")
                ),
            );
        };
        let bytes = self.bytes + loaded.text.len();
        match self.states.get(&loaded.name) {
            Some(true) => Ok(()),
            Some(false) => fail(
                Code::ImportCycle,
                format!("{} imports itself through this import", quoted(module)),
                "move what both need into a third module",
            ),
            None if self.states.len() >= MAX_MODULES => fail(
                Code::TooManyModules,
                format!("more than {MAX_MODULES} modules"),
                "join modules",
            ),
            // A file that is too large by itself is for the lexer to refuse.
            None if bytes > MAX_SOURCE_BYTES && loaded.text.len() <= MAX_SOURCE_BYTES => fail(
                Code::TooManyModules,
                format!(
                    "with {} the program has {bytes} bytes of text, more than {MAX_SOURCE_BYTES}",
                    quoted(module)
                ),
                "import less; read data from the input",
            ),
            None => self.module(loaded),
        }
    }
}
