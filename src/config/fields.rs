//! The fields of a configuration, written and read by serde.
//!
//! `derive(Serialize, Deserialize)` writes some twenty functions for each struct, which rustc checks in every crate
//! that has a diagram. Here they are written once, for the tree of the fields of any struct: a leaf [`One`] per
//! field, in order, and a pair per node. The tree is balanced, so that its depth stays far below rustc's limit of
//! recursion. The formats are those of the derives, and so are the errors.

use std::fmt;
use std::marker::PhantomData;

use burn::serde::de::{
    DeserializeSeed, Error, Expected, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use burn::serde::ser::SerializeStruct;
use burn::serde::{Deserialize, Deserializer, Serialize, Serializer, forward_to_deserialize_any};

#[cfg(test)]
mod tests;

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct One<T>(pub T);

/// Fields that are written.
pub trait WriteFields {
    /// The number of fields.
    const COUNT: usize;

    /// Writes each under its name.
    ///
    /// # Errors
    ///
    /// Those of the format.
    fn write<S: SerializeStruct>(
        &self,
        names: &'static [&'static str],
        out: &mut S,
    ) -> Result<(), S::Error>;
}

impl WriteFields for () {
    const COUNT: usize = 0;

    fn write<S: SerializeStruct>(
        &self,
        _: &'static [&'static str],
        _: &mut S,
    ) -> Result<(), S::Error> {
        Ok(())
    }
}

impl<T: Serialize> WriteFields for One<&T> {
    const COUNT: usize = 1;

    fn write<S: SerializeStruct>(
        &self,
        names: &'static [&'static str],
        out: &mut S,
    ) -> Result<(), S::Error> {
        let names = names.iter();
        names
            .take(1)
            .try_for_each(|name| out.serialize_field(name, self.0))
    }
}

impl<L: WriteFields, R: WriteFields> WriteFields for (L, R) {
    const COUNT: usize = L::COUNT + R::COUNT;

    fn write<S: SerializeStruct>(
        &self,
        names: &'static [&'static str],
        out: &mut S,
    ) -> Result<(), S::Error> {
        let (left, right) = names.split_at(L::COUNT.min(names.len()));
        self.0.write(left, out)?;
        self.1.write(right, out)
    }
}

/// Writes a struct of this name.
///
/// # Errors
///
/// Those of the format.
pub fn write_fields<S: Serializer, F: WriteFields>(
    out: S,
    name: &'static str,
    names: &'static [&'static str],
    fields: &F,
) -> Result<S::Ok, S::Error> {
    let mut out = out.serialize_struct(name, F::COUNT)?;
    fields.write(names, &mut out)?;
    out.end()
}

/// Fields that are read.
pub trait ReadFields<'de>: Sized {
    /// The values that have been read so far.
    type Slots: Default;
    /// The number of fields.
    const COUNT: usize;

    /// The fields as the next values of a sequence, from this position on.
    ///
    /// # Errors
    ///
    /// The end of the sequence, with what was expected, and those of the format and of the values.
    fn take<A: SeqAccess<'de>>(
        from: &mut A,
        at: usize,
        expected: &dyn Expected,
    ) -> Result<Self, A::Error>;

    /// Reads the next value of a map into the field at this position.
    ///
    /// # Errors
    ///
    /// The field has been read before; otherwise the errors of the format and of the value.
    fn fill<A: MapAccess<'de>>(
        slots: &mut Self::Slots,
        at: usize,
        name: &'static str,
        from: &mut A,
    ) -> Result<(), A::Error>;

    /// The fields once the map has ended.
    ///
    /// # Errors
    ///
    /// The first missing field.
    fn finish<E: Error>(slots: Self::Slots, names: &'static [&'static str]) -> Result<Self, E>;
}

impl<'de> ReadFields<'de> for () {
    type Slots = ();
    const COUNT: usize = 0;

    fn take<A: SeqAccess<'de>>(_: &mut A, _: usize, _: &dyn Expected) -> Result<(), A::Error> {
        Ok(())
    }

    fn fill<A: MapAccess<'de>>(
        (): &mut (),
        _: usize,
        _: &'static str,
        _: &mut A,
    ) -> Result<(), A::Error> {
        Ok(())
    }

    fn finish<E: Error>((): (), _: &'static [&'static str]) -> Result<Self, E> {
        Ok(())
    }
}

impl<'de, T: Deserialize<'de>> ReadFields<'de> for One<T> {
    type Slots = Option<T>;
    const COUNT: usize = 1;

    fn take<A: SeqAccess<'de>>(
        from: &mut A,
        at: usize,
        expected: &dyn Expected,
    ) -> Result<Self, A::Error> {
        let next = from.next_element()?;
        next.map(One)
            .ok_or_else(|| A::Error::invalid_length(at, expected))
    }

    fn fill<A: MapAccess<'de>>(
        slot: &mut Option<T>,
        _: usize,
        name: &'static str,
        from: &mut A,
    ) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        *slot = Some(from.next_value()?);
        Ok(())
    }

    fn finish<E: Error>(slot: Option<T>, names: &'static [&'static str]) -> Result<Self, E> {
        let name = names.first().copied().unwrap_or_default();
        let missing = || T::deserialize(Missing(name, PhantomData));
        slot.map_or_else(missing, Ok).map(One)
    }
}

impl<'de, L: ReadFields<'de>, R: ReadFields<'de>> ReadFields<'de> for (L, R) {
    type Slots = (L::Slots, R::Slots);
    const COUNT: usize = L::COUNT + R::COUNT;

    fn take<A: SeqAccess<'de>>(
        from: &mut A,
        at: usize,
        expected: &dyn Expected,
    ) -> Result<Self, A::Error> {
        let left = L::take(from, at, expected)?;
        Ok((left, R::take(from, at + L::COUNT, expected)?))
    }

    fn fill<A: MapAccess<'de>>(
        slots: &mut Self::Slots,
        at: usize,
        name: &'static str,
        from: &mut A,
    ) -> Result<(), A::Error> {
        match at.checked_sub(L::COUNT) {
            None => L::fill(&mut slots.0, at, name, from),
            Some(at) => R::fill(&mut slots.1, at, name, from),
        }
    }

    fn finish<E: Error>(slots: Self::Slots, names: &'static [&'static str]) -> Result<Self, E> {
        let (left, right) = names.split_at(L::COUNT.min(names.len()));
        Ok((L::finish(slots.0, left)?, R::finish(slots.1, right)?))
    }
}

/// Reads a struct of this name. Other names in it are skipped.
///
/// # Errors
///
/// A field that is missing or there twice, and the errors of the format and of the values.
pub fn read_fields<'de, D: Deserializer<'de>, F: ReadFields<'de>>(
    from: D,
    name: &'static str,
    names: &'static [&'static str],
) -> Result<F, D::Error> {
    let visitor = Reader {
        name,
        names,
        fields: PhantomData,
    };
    from.deserialize_struct(name, names, visitor)
}

struct Reader<F> {
    name: &'static str,
    names: &'static [&'static str],
    fields: PhantomData<F>,
}

impl<'de, F: ReadFields<'de>> Visitor<'de> for Reader<F> {
    type Value = F;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "struct {}", self.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<F, A::Error> {
        let (name, count) = (self.name, F::COUNT);
        let s = if count == 1 { "" } else { "s" };
        let expected = format!("struct {name} with {count} element{s}");
        F::take(&mut from, 0, &expected.as_str())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<F, A::Error> {
        let mut slots = F::Slots::default();
        while let Some(at) = from.next_key_seed(Key(self.names))? {
            match self.names.get(at) {
                Some(name) => F::fill(&mut slots, at, name, &mut from)?,
                None => drop(from.next_value::<IgnoredAny>()?),
            }
        }
        F::finish(slots, self.names)
    }
}

/// The position of a field, which a format gives as its name or its number. An unknown name has the position
/// after the last field.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = usize;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("field identifier")
    }

    fn visit_u64<E: Error>(self, at: u64) -> Result<usize, E> {
        Ok(usize::try_from(at).unwrap_or(self.0.len()))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let at = self.0.iter().position(|field| *field == name);
        Ok(at.unwrap_or(self.0.len()))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<usize, E> {
        let at = self.0.iter().position(|field| field.as_bytes() == name);
        Ok(at.unwrap_or(self.0.len()))
    }
}

/// A field without a value, which is an error for every type but an `Option`.
struct Missing<E>(&'static str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
