//! A provider's exit (3.3(1)): a clerk's sheet, read from its top for each question.

use koufen::time::Day;

/// What is written on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By the expansion group.
    Proposed,
    /// The five departments are told.
    Told,
    /// By the department head.
    Confirmed,
    /// By the system manager.
    SystemSigned,
    /// By legal.
    LegalSigned,
    /// Permissions, by the system manager; that is no confirmation.
    Frozen,
    /// It stays.
    Withdrawn,
    /// 3.3(3): the contract's end.
    Ended,
    /// Anything else that is recorded of the provider: who confirmed before has not seen it.
    Other,
}

/// A line of the sheet that stands.
#[derive(Clone, Debug)]
pub struct Taken {
    pub on: Day,
    pub seq: u64,
    pub who: usize,
    pub step: Step,
}

/// What the sheet comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    pub stage: &'static str,
    /// Who confirmed it, each once, in the order of their days.
    pub confirmed: Vec<usize>,
}

/// The sheet in the order of days, then of recording (decision 12); none where a line of it cannot be.
pub fn read(sheet: &[Taken]) -> Option<Exit> {
    let mut ordered: Vec<&Taken> = sheet.iter().collect();
    ordered.sort_by_key(|t| (t.on, t.seq));
    // How much else was on record when somebody confirmed.
    let saw = |t: &Taken| sheet.iter().filter(|other| other.step == Step::Other && other.seq < t.seq).count();
    let signs = |step: Step| matches!(step, Step::SystemSigned | Step::LegalSigned);
    let (mut stage, mut told, mut confirmed): (_, _, Vec<&Taken>) = ("none", None, Vec::new());
    for t in ordered {
        let fits = match t.step {
            Step::Proposed => stage == "none",
            Step::Confirmed => stage == "proposed" && told.is_some(),
            Step::SystemSigned | Step::LegalSigned => stage == "confirmed",
            Step::Frozen => stage == "signed",
            Step::Withdrawn => matches!(stage, "proposed" | "confirmed" | "signed"),
            Step::Ended => stage == "frozen",
            // What was sent was sent.
            Step::Told | Step::Other => true,
        };
        // Four people: nobody confirms as two.
        let confirms = matches!(t.step, Step::Proposed | Step::Confirmed) || signs(t.step);
        if !fits || confirms && confirmed.iter().any(|c| c.who == t.who && c.step != t.step) {
            return None;
        }
        // Somebody who signs again signs instead.
        confirmed.retain(|c| !confirms || c.step != t.step);
        match t.step {
            Step::Proposed => (stage, told) = ("proposed", None),
            Step::Told => told = Some(t.on),
            Step::Confirmed => stage = "confirmed",
            Step::Frozen => stage = "frozen",
            Step::Ended => stage = "ended",
            Step::Withdrawn => {
                stage = "none";
                confirmed.clear();
            }
            Step::SystemSigned | Step::LegalSigned | Step::Other => {}
        }
        if confirms {
            confirmed.push(t);
        }
        if signs(t.step) {
            // Both sign the same: who has not seen what the other saw has to sign again.
            let most = confirmed.iter().filter(|c| signs(c.step)).map(|c| saw(c)).max();
            confirmed.retain(|c| !signs(c.step) || Some(saw(c)) == most);
            if confirmed.iter().filter(|c| signs(c.step)).count() == 2 {
                stage = "signed";
            }
        }
    }
    Some(Exit { stage, confirmed: confirmed.into_iter().map(|c| c.who).collect() })
}

/// Whether a line can be written on the sheet, or taken off it.
pub fn may(sheet: &[Taken]) -> bool {
    read(sheet).is_some()
}
