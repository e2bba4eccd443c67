//! A system that we know no desktop of: nothing is shown, and that is said.

use crate::{AppIdentity, Delivery, Notice, Session, TellTray, Teller, Told};

pub(crate) struct Notifier {
    told: Teller,
}

impl Notifier {
    pub(crate) fn start(_: &Session, _: AppIdentity, told: Teller) -> std::io::Result<Self> {
        Ok(Self { told })
    }

    pub(crate) fn show(&self, notice: Notice) {
        (self.told)(Told::Delivered(notice.tag, Delivery::NoDaemon));
    }

    pub(crate) fn withdraw(&self, _tag: u64) {}
}

pub(crate) struct TrayWatch;

impl TrayWatch {
    pub(crate) fn start(_: &Session, tell: TellTray) -> std::io::Result<Self> {
        tell(false);
        Ok(Self)
    }
}
