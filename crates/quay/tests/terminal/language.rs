//! Which language `quay` speaks, and who decides.

use crate::stage::{command, said};

const ENGLISH: &str = "Who holds a port";
const CHINESE: &str = "谁占用了端口";

fn help(variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = command();
    // What decides where nobody else does, so that a test is not decided by who runs it.
    command.env_remove("QUAYMASTER_LANGUAGE").env_remove("LANGUAGE").env("LC_ALL", "C.UTF-8");
    said(command.envs(variables.iter().copied()).args(arguments).arg("--help")).out
}

#[test]
fn a_variable_names_it() {
    let said = |language| help(&[("QUAYMASTER_LANGUAGE", language)], &[]);
    assert!(said("zh-CN").starts_with(CHINESE));
    assert!(said("zh_TW.UTF-8").starts_with(CHINESE));
    assert!(said("en").starts_with(ENGLISH));
}

#[test]
fn what_is_typed_comes_before_the_variable() {
    assert!(help(&[("QUAYMASTER_LANGUAGE", "zh-CN")], &["--lang", "en"]).starts_with(ENGLISH));
    assert!(help(&[("QUAYMASTER_LANGUAGE", "en")], &["--lang", "zh-CN"]).starts_with(CHINESE));
}

/// Linux only: on Windows these variables mean nothing, and the display languages of the account cannot be set for one
/// program. (Under Wine they do decide, for it makes the display language from them.)
#[cfg(target_os = "linux")]
#[test]
fn the_system_decides_where_nobody_else_does() {
    assert!(help(&[("LC_ALL", "zh_CN.UTF-8")], &[]).starts_with(CHINESE));
    assert!(help(&[("LC_ALL", "de_DE.UTF-8")], &[]).starts_with(ENGLISH));
    // A language that we do not speak leaves the question open.
    assert!(help(&[("LC_ALL", "zh_CN.UTF-8"), ("QUAYMASTER_LANGUAGE", "fr")], &[]).starts_with(CHINESE));
}
