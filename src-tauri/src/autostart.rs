//! Started with the system, without a window, where the person wants it: an entry of the system's own, for this user alone.

use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};
use quaymaster_engine::wire::Failure;

use crate::arguments::HIDDEN;

/// The system's entry for this program.
pub(crate) struct Autostart {
    entry: AutoLaunch,
}

impl Autostart {
    /// Finds the entry; nothing is written.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let entry = AutoLaunchBuilder::new()
            .set_app_name("Quaymaster")
            // In quotation marks: both systems read what is written as a command line, and people have blanks in their names.
            .set_app_path(&format!("\"{}\"", program.display()))
            .set_args(&[HIDDEN])
            // Never for everybody, even where an administrator could.
            .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
            .build()?;
        Ok(Self { entry })
    }

    /// Whether the system has it: what a person took out there is not put back behind their back.
    pub(crate) fn is_on(&self) -> bool {
        self.entry.is_enabled().unwrap_or(false)
    }

    /// Puts it there or takes it away.
    pub(crate) fn follow(&self, wanted: bool) -> Result<(), Failure> {
        if self.is_on() == wanted {
            return Ok(());
        }
        let done = if wanted { self.entry.enable() } else { self.entry.disable() };
        done.map_err(|error| Failure::write_failed(&error))
    }
}
