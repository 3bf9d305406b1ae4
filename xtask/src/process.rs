//! Starting other programs: never with a stdin, always from a known directory, failures named in full.

use std::env;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;

pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.stdin(Stdio::null()).current_dir(paths::root());
    command
}

/// The cargo that started this program, so that one toolchain does everything.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from))
}

/// npm is a shell script under Windows and cannot be started by its bare name there.
pub fn npm() -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(paths::www());
    npm
}

/// Runs to the end; any exit status but zero is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("`{}` did not start", shown(command)))?;
    demand_success(command, status)
}

/// Runs to the end and returns what was printed on stdout, which is not shown.
pub fn read(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("`{}` did not start", shown(command)))?;
    demand_success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs to the end, showing stdout as it comes and keeping it. A bad exit status is the caller's to judge.
///
/// Without a person to press Ctrl-C, which is when `CI` is set, whatever still runs after `limit` is ended.
pub fn run_and_keep(command: &mut Command, limit: Duration) -> Result<(ExitStatus, String)> {
    let unattended = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    run_within(command, unattended.then_some(limit))
}

fn run_within(command: &mut Command, limit: Option<Duration>) -> Result<(ExitStatus, String)> {
    #[cfg(unix)]
    if limit.is_some() {
        // A group of its own, so that the programs it starts end with it.
        std::os::unix::process::CommandExt::process_group(command, 0);
    }
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("`{}` did not start", shown(command)))?;
    let id = child.id();
    let output = child.stdout.take();
    let (ended, watched) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let Some(limit) = limit else { return };
        if watched.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
            println!("still running after {} s: ended", limit.as_secs());
            kill_group(id);
        }
    });
    let kept = output.map_or_else(|| Ok(Vec::new()), show_and_keep)?;
    let status = child.wait()?;
    drop(ended);
    watch.join().ok();
    Ok((status, String::from_utf8_lossy(&kept).into_owned()))
}

fn show_and_keep(mut output: impl Read) -> Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let length = output.read(&mut chunk)?;
        if length == 0 {
            return Ok(kept);
        }
        let (new, _) = chunk.split_at(length);
        kept.extend_from_slice(new);
        let mut stdout = std::io::stdout();
        stdout.write_all(new)?;
        stdout.flush()?;
    }
}

/// Ends the process group that the process `id` leads. The standard library has no call for it.
fn kill_group(id: u32) {
    let kill = if cfg!(windows) {
        Command::new("taskkill").args(["/T", "/F", "/PID", &id.to_string()]).status()
    } else {
        Command::new("kill").args(["-KILL", "--", &format!("-{id}")]).status()
    };
    if let Err(error) = kill {
        println!("it could not be ended: {error}");
    }
}

pub fn demand_success(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// The command line as a person would type it, with the program's folder left off.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use super::{command, run_within};

    #[test]
    fn what_hangs_is_ended_with_all_it_started() {
        let start = Instant::now();
        let mut hangs = command("sh");
        hangs.args(["-c", "echo begun; sleep 60 & sleep 60"]);
        let (status, output) = run_within(&mut hangs, Some(Duration::from_millis(500))).unwrap();
        assert_eq!(output, "begun\n");
        assert!(!status.success());
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn what_ends_in_time_is_left_alone() {
        let mut ends = command("sh");
        ends.args(["-c", "echo done; exit 3"]);
        let (status, output) = run_within(&mut ends, Some(Duration::from_secs(60))).unwrap();
        assert_eq!((status.code(), output.as_str()), (Some(3), "done\n"));
    }
}
