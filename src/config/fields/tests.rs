//! The functions against serde's derives, on the same texts.

use burn::serde::{self, Deserialize, Deserializer, Serialize, Serializer};

use super::{One, read_fields, write_fields};

/// By the derives.
mod derived {
    use super::{Deserialize, Serialize, serde};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(crate = "serde")]
    pub(super) struct Settings {
        pub(super) width: usize,
        pub(super) rate: f64,
        pub(super) note: Option<String>,
        pub(super) inner: Inner,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(crate = "serde")]
    pub(super) struct Inner {
        pub(super) soft: f64,
    }
}

/// By the functions, as the macro writes it.
#[derive(Debug, PartialEq)]
struct Settings {
    width: usize,
    rate: f64,
    note: Option<String>,
    inner: Inner,
}

#[derive(Debug, PartialEq)]
struct Inner {
    soft: f64,
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        write_fields(
            out,
            "Settings",
            &["width", "rate", "note", "inner"],
            &(
                (One(&self.width), One(&self.rate)),
                (One(&self.note), One(&self.inner)),
            ),
        )
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let ((One(width), One(rate)), (One(note), One(inner))) =
            read_fields(from, "Settings", &["width", "rate", "note", "inner"])?;
        Ok(Self {
            width,
            rate,
            note,
            inner,
        })
    }
}

impl Serialize for Inner {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        write_fields(out, "Inner", &["soft"], &One(&self.soft))
    }
}

impl<'de> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let One(soft) = read_fields(from, "Inner", &["soft"])?;
        Ok(Self { soft })
    }
}

#[test]
fn texts_are_those_of_the_derives() {
    let ours = Settings {
        width: 3,
        rate: 0.25,
        note: Some("a".to_owned()),
        inner: Inner { soft: 0.7 },
    };
    let derived = derived::Settings {
        width: 3,
        rate: 0.25,
        note: Some("a".to_owned()),
        inner: derived::Inner { soft: 0.7 },
    };
    let text = serde_json::to_string(&ours).expect("a text");
    assert_eq!(text, serde_json::to_string(&derived).expect("a text"));
    let back: Settings = serde_json::from_str(&text).expect("what was written");
    assert_eq!(back, ours);
}

#[test]
fn values_and_errors_are_those_of_the_derives() {
    let texts = [
        r#"{"inner":{"soft":1.0},"note":null,"rate":2,"width":3}"#,
        r#"{"width":3,"rate":2.5,"inner":{"soft":1.0}}"#,
        r#"{"width":3,"rate":2.5,"inner":{"soft":1.0},"more":[{"a":1}]}"#,
        r#"[3, 2.5, "x", [1.0]]"#,
        r#"[3, 2.5, null, {"soft":1.0}]"#,
        r"[3, 2.5]",
        r"[3, 2.5, null, []]",
        r"[3, 2.5, null, [1.0], 4]",
        r#"{"width":3,"inner":{"soft":1.0}}"#,
        r#"{"width":3,"rate":2.5,"inner":{}}"#,
        r#"{"width":3,"width":3,"rate":2.5,"inner":{"soft":1.0}}"#,
        r#"{"width":-3,"rate":2.5,"inner":{"soft":1.0}}"#,
        r#"{"width":3,"rate":"2.5","inner":{"soft":1.0}}"#,
        r#"{"width":3,"rate":null,"inner":{"soft":1.0}}"#,
        r#"{"width":3,"rate":2.5,"inner":7}"#,
        r#"{"width":3,"#,
        r"{3:4}",
        "7",
        "null",
        "",
    ];
    for text in texts {
        let ours = serde_json::from_str::<Settings>(text);
        let derived = serde_json::from_str::<derived::Settings>(text);
        match (ours, derived) {
            (Ok(ours), Ok(derived)) => {
                assert_eq!(format!("{ours:?}"), format!("{derived:?}"), "{text}");
            }
            (Err(ours), Err(derived)) => {
                assert_eq!(ours.to_string(), derived.to_string(), "{text}");
            }
            (ours, derived) => panic!("{text}: {ours:?}, derived {derived:?}"),
        }
    }
}
