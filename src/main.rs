//! The program: arguments become a window or one headless command; it knows nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    match dateline::cli::run(std::env::args_os()) {
        dateline::cli::Order::Done(code) => code,
        dateline::cli::Order::Window(_) => {
            dateline::cli::complain("this build has no window yet; `dateline --help` lists the commands");
            ExitCode::from(2)
        }
    }
}
