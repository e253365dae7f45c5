//! The certificate that HTTPS is served with; following its files is no use case, and needs no permission.

pub use crate::platform::tls::Tls;
