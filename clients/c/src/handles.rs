//! Handles: numbers for what the library keeps.
//!
//! A number is never used again and looks random, so that a handle which is freed, or is no handle,
//! is found out and no memory is touched for it. A lookup holds the lock of the table for some tens
//! of nanoseconds, which nothing that is done with a handle comes near; the object lives on while a
//! call uses it.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::aggregates::Stated;
use crate::keys::Signer;
use crate::pointers::Place;
use crate::status::{Failure, Status};

/// A secret key. All zero is none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// Not for the caller.
    pub id: u64,
}

/// An aggregate of signatures or a merge, with the claims that it states. All zero is none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    /// Not for the caller.
    pub id: u64,
}

/// A flag by which another thread cancels work. All zero is none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cancel {
    /// Not for the caller.
    pub id: u64,
}

/// What a handle stands for.
enum Object {
    Key(Arc<Signer>),
    Aggregate(Arc<Stated>),
    Cancel(Arc<AtomicBool>),
}

impl Object {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => Key::KIND,
            Self::Aggregate(_) => Aggregate::KIND,
            Self::Cancel(_) => Cancel::KIND,
        }
    }
}

static OBJECTS: RwLock<BTreeMap<u64, Object>> = RwLock::new(BTreeMap::new());

/// A kind of handle.
#[expect(private_interfaces, reason = "the trait is for this crate alone")]
pub(crate) trait Handle: Copy + Default {
    /// What it stands for.
    type Target;
    /// What it is called in messages.
    const KIND: &'static str;

    /// The handle of a number.
    fn of(id: u64) -> Self;
    /// Its number.
    fn id(self) -> u64;
    /// For the table.
    fn stored(target: Arc<Self::Target>) -> Object;
    /// Of the table.
    fn target(object: &Object) -> Option<&Arc<Self::Target>>;

    /// Makes a handle where it belongs. Where the work fails or panics it is none: a caller that
    /// frees what it was given, in any case, is right.
    fn make(
        place: Place<Self>,
        work: impl FnOnce() -> Result<Self::Target, Failure>,
    ) -> Result<(), Failure> {
        place.check("the place of the handle")?;
        let mut made = Made {
            place,
            handle: Self::default(),
        };
        let object = Self::stored(Arc::new(work()?));
        let id = new_id();
        let mut objects = OBJECTS.write().unwrap_or_else(PoisonError::into_inner);
        objects.insert(id, object);
        made.handle = Self::of(id);
        Ok(())
    }

    /// What a handle stands for.
    fn get(self) -> Result<Arc<Self::Target>, Failure> {
        let objects = OBJECTS.read().unwrap_or_else(PoisonError::into_inner);
        let object = objects.get(&self.id());
        match object.and_then(Self::target) {
            Some(target) => Ok(target.clone()),
            None => Err(missing(self, object)),
        }
    }

    /// Forgets a handle; none is no error.
    fn free(self) -> Result<(), Failure> {
        if self.id() == 0 {
            return Ok(());
        }
        let mut objects = OBJECTS.write().unwrap_or_else(PoisonError::into_inner);
        let object = objects.get(&self.id());
        if object.and_then(Self::target).is_none() {
            return Err(missing(self, object));
        }
        let removed = objects.remove(&self.id());
        // What is freed is dropped without the lock: a tree of a key is large.
        drop(objects);
        drop(removed);
        Ok(())
    }
}

/// A handle that is written to its place at the end, when the arguments have been read.
struct Made<H: Handle> {
    place: Place<H>,
    handle: H,
}

impl<H: Handle> Drop for Made<H> {
    fn drop(&mut self) {
        self.place.set(self.handle);
    }
}

/// Why there is no object of a handle.
fn missing<H: Handle>(handle: H, object: Option<&Object>) -> Failure {
    let kind = H::KIND;
    let message = match object {
        _ if handle.id() == 0 => format!("the handle of {kind} is none (all zero)"),
        Some(object) => format!(
            "the handle is of {}, where {kind} is expected",
            object.kind()
        ),
        None => format!("the handle of {kind} is freed already, or was never made"),
    };
    Failure::new(Status::InvalidHandle, message)
}

/// A number that was not given before, for 2^64 handles, and is not 0. It begins at random and goes
/// on by an odd step: what is lying about in memory is hardly a handle.
fn new_id() -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    static NEXT: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one("leanvm")));
    loop {
        let id = NEXT.fetch_add(STEP, Ordering::Relaxed);
        if id != 0 {
            return id;
        }
    }
}

/// The three kinds differ in names alone.
macro_rules! handle {
    ($handle:ident, $target:ty, $kind:literal) => {
        #[expect(private_interfaces, reason = "the trait is for this crate alone")]
        impl Handle for $handle {
            type Target = $target;
            const KIND: &'static str = $kind;

            fn of(id: u64) -> Self {
                Self { id }
            }

            fn id(self) -> u64 {
                self.id
            }

            fn stored(target: Arc<$target>) -> Object {
                Object::$handle(target)
            }

            fn target(object: &Object) -> Option<&Arc<$target>> {
                match object {
                    Object::$handle(target) => Some(target),
                    _ => None,
                }
            }
        }
    };
}

handle!(Key, Signer, "a key");
handle!(Aggregate, Stated, "an aggregate");
handle!(Cancel, AtomicBool, "a cancel flag");
