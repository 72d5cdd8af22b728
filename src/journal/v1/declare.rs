//! How a type of the wire is declared: once, and both ways between it and today's type come from that.
//!
//! Both ways name every field and variant of both types. A field or variant that a live type gets does not compile
//! until it is decided what becomes of it on the wire.

/// What is written of a live value. It borrows its texts: nothing long is copied to be written.
pub trait Of<'a, T> {
    /// The wire's value of a live one.
    fn of(live: &'a T) -> Self;
}

/// What a value of the wire means today.
pub trait Live<T> {
    /// The live value, or why there is none: bytes that no koufen wrote.
    fn live(self) -> Result<T, String>;
}

/// What a variant or field is called by the tests: after its module and type.
#[cfg(test)]
macro_rules! wire_name {
    ($($part:ident)+) => { concat!(module_path!(), $("::", stringify!($part)),+) };
}

/// Declares a struct of the wire, field by field in the order in which they are written, beside the live type that has
/// the same fields.
macro_rules! wire_struct {
    ($(#[$doc:meta])* $name:ident $(<$lt:lifetime>)? is $($live:ident)::+ { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        pub struct $name $(<$lt>)? { $(pub $field: $type),* }

        const _: () = {
            use $crate::journal::v1::declare::{Live, Of};

            impl<'a> Of<'a, $($live)::+> for $name $(<$lt>)? {
                fn of(live: &'a $($live)::+) -> Self {
                    let $($live)::+ { $($field),* } = live;
                    Self { $($field: Of::of($field)),* }
                }
            }

            impl $(<$lt>)? Live<$($live)::+> for $name $(<$lt>)? {
                fn live(self) -> Result<$($live)::+, String> {
                    Ok($($live)::+ { $($field: Live::live(self.$field)?),* })
                }
            }

            #[cfg(test)]
            use $crate::journal::v1::{declare::wire_name, tests::{Names, Shape}};

            #[cfg(test)]
            impl $(<$lt>)? Shape for $name $(<$lt>)? {
                fn all(_: &str, all: &mut Names) {
                    $(<$type as Shape>::all(wire_name!($name $field), all);)*
                }
                fn seen(&self, _: &str, seen: &mut Names) {
                    $(Shape::seen(&self.$field, wire_name!($name $field), seen);)*
                }
            }
        };
    };
}

/// Declares an enum of the wire in the order in which its variants are numbered, beside the live type that has the
/// same variants. What a variant holds has a name here even where it has none in the type.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident $(<$lt:lifetime>)? is $($live:ident)::+ { $(
        $variant:ident $(($($part:ident: $of:ty),+))? $({ $($field:ident: $type:ty),+ $(,)? })?
    ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name $(<$lt>)? { $($variant $(($($of),+))? $({ $($field: $type),+ })?),* }

        const _: () = {
            use $crate::journal::v1::declare::{Live, Of};

            impl<'a> Of<'a, $($live)::+> for $name $(<$lt>)? {
                fn of(live: &'a $($live)::+) -> Self {
                    use $($live)::+ as Today;
                    match live { $(
                        Today::$variant $(($($part),+))? $({ $($field),+ })? => Self::$variant
                            $(($(Of::of($part)),+))?
                            $({ $($field: Of::of($field)),+ })?
                    ),* }
                }
            }

            impl $(<$lt>)? Live<$($live)::+> for $name $(<$lt>)? {
                fn live(self) -> Result<$($live)::+, String> {
                    use $($live)::+ as Today;
                    Ok(match self { $(
                        Self::$variant $(($($part),+))? $({ $($field),+ })? => Today::$variant
                            $(($(Live::live($part)?),+))?
                            $({ $($field: Live::live($field)?),+ })?
                    ),* })
                }
            }

            #[cfg(test)]
            use $crate::journal::v1::{declare::wire_name, tests::{Names, Shape}};

            #[cfg(test)]
            impl $(<$lt>)? Shape for $name $(<$lt>)? {
                fn all(_: &str, all: &mut Names) {
                    $(
                        all.insert(wire_name!($name $variant).to_owned());
                        $($(<$of as Shape>::all(wire_name!($name $variant $part), all);)+)?
                        $($(<$type as Shape>::all(wire_name!($name $variant $field), all);)+)?
                    )*
                }
                fn seen(&self, _: &str, seen: &mut Names) {
                    match self { $(
                        Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                            seen.insert(wire_name!($name $variant).to_owned());
                            $($(Shape::seen($part, wire_name!($name $variant $part), seen);)+)?
                            $($(Shape::seen($field, wire_name!($name $variant $field), seen);)+)?
                        }
                    ),* }
                }
            }
        };
    };
}

#[cfg(test)]
pub(super) use wire_name;
pub(super) use {wire_enum, wire_struct};
