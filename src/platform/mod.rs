//! Floor 2, beside store: the rest of the outside world. Knows no table and no route.

pub mod archive;
pub mod byte_stream;
pub mod evidence;
pub mod mail;
pub mod map_file;
pub mod table;
pub mod table_reader;
pub mod workbook;
mod workbook_reader;
