//! Owners as they were told last, each kept once under a small number: most sockets share theirs with hundreds of others.

use std::collections::HashMap;

use quaymaster_core::{Owner, OwnerGap};

/// A number means the same owner for as long as anybody holds it.
pub(super) struct Crews {
    numbers: HashMap<Owner, u32>,
    entries: Vec<Entry>,
    free: Vec<u32>,
}

struct Entry {
    owner: Owner,
    uses: u32,
}

/// The number of [`OwnerGap::Pending`], which nobody has to hold.
pub(super) const PENDING: u32 = 0;

impl Default for Crews {
    fn default() -> Self {
        let owner = Owner::Unknown(OwnerGap::Pending);
        Self {
            numbers: HashMap::from([(owner.clone(), PENDING)]),
            entries: vec![Entry { owner, uses: 1 }],
            free: Vec::new(),
        }
    }
}

impl Crews {
    pub(super) fn get(&self, number: u32) -> &Owner {
        &self.entries[number as usize].owner
    }

    /// The number of `owner`, held once more; what was held before, `last`, is let go. Answers whether they differ.
    pub(super) fn exchange(&mut self, last: &mut u32, owner: Owner) -> bool {
        if *self.get(*last) == owner {
            return false;
        }
        let number = self.hold(owner);
        self.release(std::mem::replace(last, number));
        true
    }

    pub(super) fn release(&mut self, number: u32) {
        if number == PENDING {
            return;
        }
        let entry = &mut self.entries[number as usize];
        entry.uses -= 1;
        if entry.uses == 0 {
            self.numbers.remove(&entry.owner);
            self.free.push(number);
        }
    }

    fn hold(&mut self, owner: Owner) -> u32 {
        if let Some(&number) = self.numbers.get(&owner) {
            self.entries[number as usize].uses += u32::from(number != PENDING);
            return number;
        }
        let entry = Entry { owner: owner.clone(), uses: 1 };
        let number = match self.free.pop() {
            Some(number) => {
                self.entries[number as usize] = entry;
                number
            }
            None => {
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).unwrap_or(PENDING)
            }
        };
        self.numbers.insert(owner, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_free_again_when_nobody_holds_it() {
        let mut crews = Crews::default();
        let (mut one, mut other) = (PENDING, PENDING);
        assert!(!crews.exchange(&mut one, Owner::Unknown(OwnerGap::Pending)));
        let kernel = Owner::Kernel(quaymaster_core::Holders::NOBODY);
        assert!(crews.exchange(&mut one, kernel.clone()) && crews.exchange(&mut other, kernel.clone()));
        assert_eq!((one, crews.get(one)), (other, &kernel));
        assert!(crews.exchange(&mut one, Owner::Unknown(OwnerGap::OtherUser)));
        assert_eq!(crews.get(other), &kernel, "it is held once more");
        crews.release(other);
        let mut third = PENDING;
        crews.exchange(&mut third, Owner::Unknown(OwnerGap::NoHolder));
        assert_eq!(third, other, "a free number is used again");
        assert_eq!(crews.get(one), &Owner::Unknown(OwnerGap::OtherUser));
    }
}
