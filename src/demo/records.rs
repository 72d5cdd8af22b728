//! What is going on in the sample: a provider that opens its city, with a conference behind it and much that is due.

use crate::desk::Desk;
use crate::domain::Command;
use crate::exchange::record::RecordKind;
use crate::ids::OutletId;
use crate::store::StoreError;

/// Kind, provider or outlet, and the fields.
type Typed = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// As an operator would type them.
const TYPED: &[Typed] = &[
    ("territory-confirmed", "P0014", &[("city", "温州"), ("population", "3,040,000"), ("on", "2011-11-01")]),
    ("promotion-held", "P0014", &[("title", "冬装"), ("material_on", "2011-11-10"), ("on", "2011-11-16")]),
    (
        "conference-held",
        "P0014",
        &[
            ("city", "温州"),
            ("visits", "104"),
            ("outlets_visited", "2,060"),
            ("invited", "180"),
            ("attended", "96"),
            ("signed", "61"),
            ("publicity", "abc"),
            ("on", "2011-11-28"),
        ],
    ),
    (
        "outlet-proposed",
        "P0014",
        &[("outlet_id", "O900001"), ("city", "温州"), ("name", "信河街12号数码店"), ("staff", "2")],
    ),
    (
        "outlet-proposed",
        "P0014",
        &[("outlet_id", "O900002"), ("city", "温州"), ("name", "五马街8号服装店"), ("staff", "1")],
    ),
    (
        "weed-out-agreed",
        "P0014",
        &[("region", "浙南"), ("standard", "连续两月低于千元或三次投诉"), ("complaints", "3")],
    ),
    ("help-asked", "O000001", &[("note", "退货流程")]),
    ("exit-asked", "O000009", &[("note", "店铺转让"), ("at", "2011-12-14T16:20")]),
];

/// The commands.
pub fn commands(desk: &Desk) -> Result<Vec<Command>, StoreError> {
    let owner = |id: &OutletId| desk.outlet(id).ok().flatten().map(|outlet| outlet.provider);
    let command = |(word, subject, fields): &Typed| {
        let kind = RecordKind::of(word).ok_or_else(|| StoreError::view(format!("no record {word}")))?;
        let first = kind.fields.first().map(|field| field.name);
        let typed = |name: &str| {
            let given = fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
            let text = if first == Some(name) { subject } else { given.unwrap_or_default() };
            text.to_owned()
        };
        kind.read(&typed, desk.now(), &owner).map_err(|e| StoreError::view(format!("{word}: {e:?}")))
    };
    TYPED.iter().map(command).collect()
}
