//! Forms of records, made from the table of [`crate::exchange::record`], and of what is done with an alert.

use super::{Field, Form, Purpose, check};
use crate::domain::{Alert, Command, Mark, Provider};
use crate::exchange::record::{RecordError, RecordKind};
use crate::ids::{OutletId, Seq};
use crate::time::Moment;
use crate::words::{self, Lang};

impl Form {
    /// Chooses what is to be recorded.
    pub fn choose_record() -> Form {
        Form::new(Purpose::ChooseRecord, vec![Field::new("record", "")])
    }

    /// A record of what is selected; a confirmation says up to which entry was `seen`. What ends a provider, or takes its
    /// money, is typed with its id: the one that happens to be selected is nobody's choice.
    pub fn record(
        kind: &'static RecordKind,
        (provider, outlet): (Option<&Provider>, Option<&OutletId>),
        seen: Option<Seq>,
    ) -> Form {
        let value = |name: &str, words: &[&str]| match name {
            "provider_id" if kind.is_grave() => String::new(),
            "seen" => seen.map(|seq| format!("#{seq}")).unwrap_or_default(),
            "provider_id" => provider.map(|p| p.id.to_string()).unwrap_or_default(),
            "city" => provider.map(|p| p.city.clone()).unwrap_or_default(),
            "outlet_id" if kind.is_outlets() => outlet.map(ToString::to_string).unwrap_or_default(),
            "on" => "today".to_owned(),
            _ => words.first().map(|word| (*word).to_owned()).unwrap_or_default(),
        };
        let field = |field: &'static crate::exchange::record::RecordField| {
            let mut made = Field::new(field.name, &value(field.name, field.words));
            made.words = field.words;
            made
        };
        let mut form = Form::new(Purpose::Record(kind), kind.all_fields().map(field).collect());
        let first = form.fields.first().is_some_and(|field| !field.text().is_empty());
        form.owner = provider.map(|p| p.id.clone());
        let second = usize::from(first && form.fields.len() > 1);
        form.at(second)
    }

    /// Quiet for a while.
    pub fn snooze(alert: &Alert, until: &str) -> Form {
        let fields = vec![Field::new("alert", &alert.id()).locked(), Field::new("until", until)];
        Form::new(Purpose::Snooze(Box::new(alert.clone())), fields)
    }

    /// Somebody's to do.
    pub fn assign(alert: &Alert) -> Form {
        let fields = vec![Field::new("alert", &alert.id()).locked(), Field::new("to", "")];
        Form::new(Purpose::Assign(Box::new(alert.clone())), fields)
    }

    /// The kind that was chosen.
    pub fn chosen(&self) -> Option<&'static RecordKind> {
        RecordKind::of(&self.text("record"))
    }

    /// The command of a record; what is wrong goes beside its field. An outlet is the selected provider's: the desk says
    /// where it is another's.
    pub(super) fn read_record(&self, now: Moment) -> Result<Command, RecordError> {
        self.read_record_with(now, &|name| self.text(name))
    }

    pub(super) fn read_record_with(&self, now: Moment, text: &dyn Fn(&str) -> String) -> Result<Command, RecordError> {
        let Purpose::Record(kind) = &self.purpose else {
            return Err(RecordError::Refused(crate::domain::Refusal::Missing { field: "record" }));
        };
        let owner = |_: &OutletId| self.owner.clone();
        kind.read(text, now, &owner)
    }

    /// The command that marks an alert.
    pub(super) fn mark(&self, now: Moment) -> Option<Command> {
        let (alert, mark) = match &self.purpose {
            Purpose::Snooze(alert) => (alert, Mark::Snoozed { until: check::moment(&self.text("until"), now)? }),
            Purpose::Assign(alert) => {
                (alert, Mark::Assigned { to: Some(self.text("to")).filter(|to| !to.is_empty())? })
            }
            _ => return None,
        };
        let (provider, subject) = (alert.provider.clone(), alert.subject.clone());
        Some(Command::MarkAlert { provider, subject, mark })
    }

    /// Says beside the field what does not fit a record; whether all is well. Whatever is wrong stands beside a field.
    pub(super) fn check_record(&mut self, lang: Lang, now: Moment, saving: bool) -> bool {
        let Purpose::Record(kind) = self.purpose else { return true };
        let mut wrong = kind.misfits(&|name| self.text(name), now);
        wrong.extend(self.read_record(now).err().filter(|e| saving || matches!(e, RecordError::Field { .. })));
        for e in &wrong {
            let (name, error) = match e {
                RecordError::Field { name, want, .. } => {
                    (*name, lang.say_texts("form-want", &[("want", want.clone())]))
                }
                RecordError::Refused(refusal) => (refusal.field(), words::refusal(lang, refusal)),
            };
            let at = self.fields.iter().position(|field| field.name == name).unwrap_or(0);
            if let Some(field) = self.fields.get_mut(at).filter(|field| field.error.is_none()) {
                field.error = Some(error);
            }
        }
        wrong.is_empty()
    }
}
