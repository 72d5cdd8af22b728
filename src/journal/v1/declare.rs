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

/// Declares a struct of the wire, field by field in the order in which they are written, beside the live type that has
/// the same fields.
macro_rules! wire_struct {
    ($(#[$doc:meta])* $name:ident $(<$lt:lifetime>)? is $($live:ident)::+ { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        pub struct $name $(<$lt>)? { $(pub $field: $type),* }

        impl<'a> $crate::journal::v1::declare::Of<'a, $($live)::+> for $name $(<$lt>)? {
            fn of(live: &'a $($live)::+) -> Self {
                let $($live)::+ { $($field),* } = live;
                Self { $($field: $crate::journal::v1::declare::Of::of($field)),* }
            }
        }

        impl $(<$lt>)? $crate::journal::v1::declare::Live<$($live)::+> for $name $(<$lt>)? {
            fn live(self) -> Result<$($live)::+, String> {
                Ok($($live)::+ { $($field: $crate::journal::v1::declare::Live::live(self.$field)?),* })
            }
        }

        #[cfg(test)]
        impl $(<$lt>)? $crate::journal::v1::tests::Shape for $name $(<$lt>)? {
            fn all(_: &str, all: &mut $crate::journal::v1::tests::Names) {
                $(<$type as $crate::journal::v1::tests::Shape>::all(
                    concat!(stringify!($name), ".", stringify!($field)), all);)*
            }
            fn seen(&self, _: &str, seen: &mut $crate::journal::v1::tests::Names) {
                $($crate::journal::v1::tests::Shape::seen(
                    &self.$field, concat!(stringify!($name), ".", stringify!($field)), seen);)*
            }
        }
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

        impl<'a> $crate::journal::v1::declare::Of<'a, $($live)::+> for $name $(<$lt>)? {
            fn of(live: &'a $($live)::+) -> Self {
                use $($live)::+ as Today;
                match live { $(
                    Today::$variant $(($($part),+))? $({ $($field),+ })? => Self::$variant
                        $(($($crate::journal::v1::declare::Of::of($part)),+))?
                        $({ $($field: $crate::journal::v1::declare::Of::of($field)),+ })?
                ),* }
            }
        }

        impl $(<$lt>)? $crate::journal::v1::declare::Live<$($live)::+> for $name $(<$lt>)? {
            fn live(self) -> Result<$($live)::+, String> {
                use $($live)::+ as Today;
                Ok(match self { $(
                    Self::$variant $(($($part),+))? $({ $($field),+ })? => Today::$variant
                        $(($($crate::journal::v1::declare::Live::live($part)?),+))?
                        $({ $($field: $crate::journal::v1::declare::Live::live($field)?),+ })?
                ),* })
            }
        }

        #[cfg(test)]
        impl $(<$lt>)? $crate::journal::v1::tests::Shape for $name $(<$lt>)? {
            fn all(_: &str, all: &mut $crate::journal::v1::tests::Names) {
                $(
                    all.insert(concat!(stringify!($name), "::", stringify!($variant)).to_owned());
                    $($(<$of as $crate::journal::v1::tests::Shape>::all(
                        concat!(stringify!($name), "::", stringify!($variant), ".", stringify!($part)), all);)+)?
                    $($(<$type as $crate::journal::v1::tests::Shape>::all(
                        concat!(stringify!($name), "::", stringify!($variant), ".", stringify!($field)), all);)+)?
                )*
            }
            fn seen(&self, _: &str, seen: &mut $crate::journal::v1::tests::Names) {
                match self { $(
                    Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                        seen.insert(concat!(stringify!($name), "::", stringify!($variant)).to_owned());
                        $($($crate::journal::v1::tests::Shape::seen($part,
                            concat!(stringify!($name), "::", stringify!($variant), ".", stringify!($part)), seen);)+)?
                        $($($crate::journal::v1::tests::Shape::seen($field,
                            concat!(stringify!($name), "::", stringify!($variant), ".", stringify!($field)), seen);)+)?
                    }
                ),* }
            }
        }
    };
}

pub(super) use {wire_enum, wire_struct};
