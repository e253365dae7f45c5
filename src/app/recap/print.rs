//! A recap as PDF, from the agency's own template where it has one.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::print::printed;
use crate::app::recap::sheet::Which;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::month::Month;
use crate::domain::recap::print;

/// Most people of one printed recap: about 80 pages. Larger agencies take the workbook.
pub const MOST_PEOPLE: usize = 1_000;

impl App {
    /// A recap as PDF, with the name that the file should have. Records who reads it.
    pub fn print_recap(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        which: Which,
    ) -> Result<(String, Vec<u8>), Error> {
        let sheet = self.recap_sheet(context, scope, agency, month, which)?;
        if sheet.lines.len() > MOST_PEOPLE {
            return Err(Error::field(
                "code",
                "out_of_limits",
                "PDF paling banyak memuat 1.000 pegawai; unduh buku kerja (.xlsx) untuk perangkat daerah ini.",
                "A PDF has 1,000 people at most; take the workbook (.xlsx) of this agency.",
            ));
        }
        let subject = format!("{agency}/{month}");
        self.note_recap_file(context, agency, &subject, "pdf")?;
        let version = sheet
            .heading
            .version
            .map_or_else(String::new, |version| format!("-v{version}"));
        let pdf = printed(self.printer.pdf("recap", &print::facts(&sheet), context.now))?;
        Ok((format!("rekap-{agency}-{month}{version}.pdf"), pdf))
    }
}
