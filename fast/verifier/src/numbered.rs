//! Enums whose variants have numbers in SPEC.md.

/// The numbers stand once: they are the discriminants, and what the function named after `by`
/// gives.
macro_rules! numbered {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident: $integer:ident by $function:ident {
            $($(#[$documentation:meta])* $variant:ident = $number:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[repr($integer)]
        pub enum $name {
            $($(#[$documentation])* $variant = $number,)*
        }

        impl $name {
            /// All of them, by increasing number.
            pub const ALL: [Self; [$($number),*].len()] = [$(Self::$variant),*];

            /// The number in SPEC.md.
            #[inline]
            #[must_use]
            pub const fn $function(self) -> $integer {
                match self {
                    $(Self::$variant => $number,)*
                }
            }
        }
    };
}

pub(crate) use numbered;
