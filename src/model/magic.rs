//! Formats that tell themselves by their first bytes, whatever a file is called.

use serde::{Deserialize, Serialize};

/// A zip archive is searched this far for the name of its first parts.
const ARCHIVE_HEAD: usize = 8 << 10;

/// A format with a signature.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Magic {
    /// Databases of Microsoft Access.
    Access,
    /// DICOM: medical images with the data of their patient.
    Dicom,
    /// Whatever gzip compressed.
    Gzip,
    /// Apache Parquet.
    Parquet,
    /// Custom dumps of `PostgreSQL`.
    PgDump,
    /// `SQLite` databases, version 3.
    Sqlite,
    /// Workbooks of Excel in Office Open XML.
    Xlsx,
}

/// How a format is known.
struct Signature {
    magic: Magic,
    name: &'static str,
    /// Where `bytes` stand.
    offset: usize,
    bytes: &'static [u8],
    /// What else stands near the start of the file; empty for nothing.
    near: &'static [u8],
}

const fn at(
    offset: usize,
    bytes: &'static [u8],
    magic: Magic,
    name: &'static str,
    near: &'static [u8],
) -> Signature {
    Signature {
        magic,
        name,
        offset,
        bytes,
        near,
    }
}

/// Every format once.
const SIGNATURES: [Signature; 8] = [
    at(4, b"Standard Jet DB\0", Magic::Access, "access", b""),
    at(4, b"Standard ACE DB\0", Magic::Access, "access", b""),
    at(128, b"DICM", Magic::Dicom, "dicom", b""),
    at(0, b"\x1f\x8b\x08", Magic::Gzip, "gzip", b""),
    at(0, b"PAR1", Magic::Parquet, "parquet", b""),
    at(0, b"PGDMP", Magic::PgDump, "pgdump", b""),
    at(0, b"SQLite format 3\0", Magic::Sqlite, "sqlite", b""),
    // Documents and archives of other kinds begin like it, but hold no folder of this name.
    at(0, b"PK\x03\x04", Magic::Xlsx, "xlsx", b"xl/"),
];

impl Magic {
    /// The format whose signature stands in the first bytes of a file.
    ///
    /// ```
    /// # use preop::model::Magic;
    /// assert_eq!(Magic::of(b"SQLite format 3\0\x10\0"), Some(Magic::Sqlite));
    /// assert_eq!(Magic::of(b"SQLite format 3 is described here"), None);
    /// ```
    pub fn of(bytes: &[u8]) -> Option<Self> {
        SIGNATURES
            .iter()
            .find(|signature| signature.is_in(bytes))
            .map(|signature| signature.magic)
    }

    /// The word used in rules.
    pub fn as_str(self) -> &'static str {
        SIGNATURES
            .iter()
            .find(|signature| signature.magic == self)
            .map_or("", |signature| signature.name)
    }
}

impl Signature {
    fn is_in(&self, bytes: &[u8]) -> bool {
        bytes
            .get(self.offset..)
            .is_some_and(|rest| rest.starts_with(self.bytes))
            && (self.near.is_empty() || {
                let head = bytes.get(..ARCHIVE_HEAD).unwrap_or(bytes);
                memchr::memmem::find(head, self.near).is_some()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dicom() -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM\x02\0\0\0UL");
        bytes
    }

    #[test]
    fn signatures_tell_formats() {
        let jet = b"\0\x01\0\0Standard Jet DB\0\x01";
        let xlsx = b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml...PK\x03\x04xl/workbook.xml";
        for (bytes, want) in [
            (dicom().as_slice(), Magic::Dicom),
            (b"SQLite format 3\0\x10\0", Magic::Sqlite),
            (b"PAR1\x15\x04", Magic::Parquet),
            (b"PGDMP\x01\x0e", Magic::PgDump),
            (b"\x1f\x8b\x08\0", Magic::Gzip),
            (jet, Magic::Access),
            (xlsx, Magic::Xlsx),
        ] {
            assert_eq!(Magic::of(bytes), Some(want));
        }
    }

    #[test]
    fn words_about_formats_are_no_formats() {
        let word = b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml...PK\x03\x04word/document.xml";
        let shifted = [b" ".as_slice(), &dicom()].concat();
        for bytes in [
            b"".as_slice(),
            b"PA",
            b"DICM",
            b"SQLite format 3",
            b"A PGDMP file begins with PGDMP",
            word,
            &shifted,
        ] {
            assert_eq!(Magic::of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn names_are_the_words_of_rules() {
        for signature in &SIGNATURES {
            let word = serde_json::to_value(signature.magic).unwrap();
            assert_eq!(word, signature.magic.as_str());
        }
    }
}
