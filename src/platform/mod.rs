//! Floor 2, beside the store: the rest of the outside world. Clock, entropy, keys, tokens, passwords, files, mail, paper.
//! Knows no table and no route.

pub mod archive;
pub mod byte_stream;
pub mod calendar_file;
pub mod cipher;
pub mod clock;
pub mod crest;
pub mod dispatch_files;
pub mod entropy;
pub mod evidence;
pub mod files;
pub mod large_file;
pub mod mail;
pub mod map_file;
pub mod opening_seal;
pub mod outline_file;
pub mod password;
#[cfg(feature = "print")]
pub mod print;
pub mod remote;
pub mod sealed_archive;
pub mod secrets;
pub mod table;
pub mod table_reader;
pub mod tls;
pub mod token;
pub mod trial_certificate;
pub mod web_client;
pub mod workbook;
mod workbook_reader;
