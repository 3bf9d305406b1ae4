//! How wide the numbers of a build are.
//!
//! Packs are read, checked and compiled with 128 bits. A build that only loads plans has 64: a plan that needs more is
//! refused there by name ([`PlanError::Wide`](crate::plan::PlanError::Wide)), every shipped one needs less, and in
//! WebAssembly a number of 128 bits is a place in memory and each product a call.

/// The widest whole number of this build.
#[cfg(feature = "authoring")]
pub type Wide = i128;
/// The widest whole number of this build.
#[cfg(not(feature = "authoring"))]
pub type Wide = i64;

/// The size of a [`Wide`].
#[cfg(feature = "authoring")]
pub(super) type Size = u128;
/// The size of a [`Wide`].
#[cfg(not(feature = "authoring"))]
pub(super) type Size = u64;

/// A whole number as wide as any.
#[inline]
#[must_use]
pub fn wide(n: impl Into<Wide>) -> Wide {
    n.into()
}

/// The same number in 64 bits, where they hold it.
#[cfg(feature = "authoring")]
#[must_use]
pub fn narrow(n: Wide) -> Option<i64> {
    i64::try_from(n).ok()
}

/// The same number in 64 bits, where they hold it.
#[cfg(not(feature = "authoring"))]
#[must_use]
pub const fn narrow(n: Wide) -> Option<i64> {
    Some(n)
}
