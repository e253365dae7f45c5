//! Runs the command line, prints what went wrong, sets the exit code.

use std::process::ExitCode;

/// A share makes some hundred small allocations; the system's allocator took a quarter of the service's time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match sherlok::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut message = error.to_string();
            let mut source = error.source();
            while let Some(inner) = source {
                message.push_str(": ");
                message.push_str(&inner.to_string());
                source = inner.source();
            }
            // Nothing is left to tell if standard error is gone.
            let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("sherlok: {message}\n"));
            ExitCode::FAILURE
        }
    }
}
