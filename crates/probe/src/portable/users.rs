//! Names of users.

use std::collections::HashMap;

/// Names by number. The list is read again for every number that was never asked for, since users can be made while we run.
#[derive(Default)]
pub struct Users {
    names: HashMap<u32, Option<String>>,
}

impl Users {
    /// The name of a user number.
    pub fn name(&mut self, uid: u32) -> Option<String> {
        if let Some(known) = self.names.get(&uid) {
            return known.clone();
        }
        // On Windows users have no numbers; there this list stays empty.
        let list = sysinfo::Users::new_with_refreshed_list();
        for user in list.iter().flat_map(|users| users.iter()) {
            if let Ok(number) = user.id().to_string().parse() {
                self.names.insert(number, Some(user.name().to_owned()));
            }
        }
        self.names.entry(uid).or_insert(None).clone()
    }
}
