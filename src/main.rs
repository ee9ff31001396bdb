//! The program: arguments become a window or one headless command; it knows nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    match dateline::cli::run(std::env::args_os()) {
        dateline::cli::Order::Done(code) => code,
        dateline::cli::Order::Window(paths) => match dateline::app::run(paths) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                dateline::cli::complain(&error.to_string());
                ExitCode::from(2)
            }
        },
    }
}
