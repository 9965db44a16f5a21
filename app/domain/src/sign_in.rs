//! The order of what stands between a right password and the portal.

use serde::{Deserialize, Serialize};

text_enum! {
    /// How far a session has come after the password. Ordered; only `Full` opens the portal.
    pub enum Stage {
        /// Waits for the second step.
        SecondStep = "second_step",
        /// Waits for a new password: the one used was a one-time password.
        MustChangePassword = "must_change_password",
        /// Waits for the acceptance of the current terms.
        AcceptTerms = "accept_terms",
        /// Nothing is left.
        Full = "full",
    }
}

/// What an account still has to do at this sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// A second step is needed.
    pub second_step: bool,
    /// The password must be changed.
    pub must_change: bool,
    /// New terms must be accepted.
    pub terms: bool,
}

impl Pending {
    fn needs(self, stage: Stage) -> bool {
        match stage {
            Stage::SecondStep => self.second_step,
            Stage::MustChangePassword => self.must_change,
            Stage::AcceptTerms => self.terms,
            Stage::Full => true,
        }
    }
}

/// The stage right after the password.
pub fn first_stage(pending: Pending) -> Stage {
    next_of(Stage::ALL, pending)
}

impl Stage {
    /// The stage that follows when this one is done: the next in order that is still needed. Nothing follows `Full`.
    #[must_use]
    pub fn after(self, pending: Pending) -> Self {
        let later = Self::ALL.iter().position(|stage| *stage > self).map_or(&[][..], |next| &Self::ALL[next..]);
        next_of(later, pending)
    }
}

fn next_of(stages: &[Stage], pending: Pending) -> Stage {
    stages.iter().copied().find(|stage| pending.needs(*stage)).unwrap_or(Stage::Full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn r21_everything_pending_comes_in_the_fixed_order() {
        let pending = Pending { second_step: true, must_change: true, terms: true };
        let first = first_stage(pending);
        assert_eq!(first, Stage::SecondStep);
        assert_eq!(first.after(pending), Stage::MustChangePassword);
        assert_eq!(first.after(pending).after(pending), Stage::AcceptTerms);
        assert_eq!(first.after(pending).after(pending).after(pending), Stage::Full);
    }

    #[test]
    fn r21_with_nothing_pending_the_password_is_enough() {
        assert_eq!(first_stage(Pending::default()), Stage::Full);
        assert_eq!(Stage::Full.after(Pending { second_step: true, must_change: true, terms: true }), Stage::Full);
    }

    proptest! {
        #[test]
        fn r21_no_path_to_full_skips_a_pending_stage(second_step: bool, must_change: bool, terms: bool) {
            let pending = Pending { second_step, must_change, terms };
            let mut done = vec![];
            let mut stage = first_stage(pending);
            while stage != Stage::Full {
                prop_assert!(done.last().is_none_or(|last| *last < stage), "always forwards");
                done.push(stage);
                stage = stage.after(pending);
            }
            let needed: Vec<Stage> =
                Stage::ALL.iter().copied().filter(|stage| *stage != Stage::Full && pending.needs(*stage)).collect();
            prop_assert_eq!(done, needed);
        }

        #[test]
        fn r21_whatever_becomes_pending_on_the_way_is_not_skipped_if_its_turn_is_still_to_come(
            steps in proptest::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 1..5),
        ) {
            let mut stage = None;
            for (second_step, must_change, terms) in steps {
                let pending = Pending { second_step, must_change, terms };
                let next = stage.map_or_else(|| first_stage(pending), |stage: Stage| stage.after(pending));
                let skipped = Stage::ALL.iter().filter(|other| stage.is_none_or(|stage| **other > stage) && **other < next);
                prop_assert!(skipped.into_iter().all(|other| !pending.needs(*other)));
                stage = Some(next);
            }
        }
    }
}
