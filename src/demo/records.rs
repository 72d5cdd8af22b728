//! What is going on in the sample: who was charged for what beyond the everyday, and what people did about it, as they
//! typed it.

use crate::desk::Desk;
use crate::domain::{Command, Deduction};
use crate::exchange::record::RecordKind;
use crate::ids::{OutletId, Seq};
use crate::points::Points;
use crate::store::StoreError;
use crate::time::{Moment, parse_moment};
use std::collections::BTreeMap;

/// Providers whose lines of 2011 all stand in [`STEPS`].
pub const TOLD: [&str; 7] = ["P0003", "P0005", "P0008", "P0009", "P0013", "P0018", "P0029"];

/// When, by whom, the name by which later ones know its entry, and what.
pub type Step = (&'static str, &'static str, &'static str, &'static str);

/// In the order of time.
pub const STEPS: &[Step] = &[
    ("2011-01-19T18:10", "李雷", "", "deduct P0008 media-exposure 20 note=晚报头版"),
    ("2011-01-20T18:10", "李雷", "", "deduct P0018 media-exposure 16 note=电视台报道"),
    ("2011-02-17T18:10", "李雷", "", "deduct P0003 media-exposure 14 note=晚报三版"),
    ("2011-02-23T18:00", "韩梅", "", "deduct P0009 media-exposure 16 note=网站首页"),
    ("2011-02-24T18:00", "李雷", "", "deduct P0008 unapproved-material 14 note=海报未送审"),
    ("2011-03-09T18:00", "李雷", "", "deduct P0013 media-exposure 18 note=晨报"),
    ("2011-03-22T18:02", "韩梅", "", "deduct P0003 brand-standard 5 outlet=O000043"),
    ("2011-03-24T18:02", "韩梅", "", "deduct P0029 media-exposure 20 note=电台"),
    ("2011-03-30T18:00", "韩梅", "", "deduct P0009 unapproved-material 12 note=名片未送审"),
    ("2011-04-06T18:00", "李雷", "", "deduct P0008 media-exposure 18 note=商报"),
    ("2011-04-08T18:00", "周敏", "", "notice-sent P0008 event=suspended recipients=provider via=courier"),
    (
        "2011-04-12T18:00",
        "周敏",
        "",
        "rectification-planned P0008 advice=重训客服 deadline=2011-06-30 standard=投诉减半",
    ),
    ("2011-04-13T18:00", "李雷", "", "deduct P0005 media-exposure 17 note=都市报"),
    ("2011-04-14T18:04", "陈晨", "", "deduct P0018 outlet-complaint 2 outlet=O000058 problem=客服不接电话"),
    ("2011-04-20T18:00", "韩梅", "", "deduct P0013 unapproved-material 10 note=展架未送审"),
    ("2011-05-11T18:06", "陈晨", "", "deduct P0018 outlet-complaint 2 outlet=O000098 problem=客服不接电话"),
    ("2011-05-18T18:20", "李雷", "", "deduct P0003 unapproved-material 12 note=宣传册未送审"),
    ("2011-05-25T18:00", "韩梅", "", "deduct P0009 media-exposure 14 note=论坛热帖转登"),
    ("2011-06-14T18:08", "陈晨", "", "deduct P0018 outlet-complaint 2 outlet=O000138 problem=客服不接电话"),
    ("2011-06-15T18:00", "韩梅", "", "deduct P0013 brand-standard 6 outlet=O000053"),
    ("2011-06-22T18:00", "李雷", "", "deduct P0005 unapproved-material 13 note=门贴未送审"),
    (
        "2011-07-05T18:00",
        "周敏",
        "",
        "rectification-failed P0008 points=15 advice=换客服主管 deadline=2011-12-31 standard=投诉减半 note=投诉未减",
    ),
    ("2011-07-06T18:00", "韩梅", "", "deduct P0009 brand-standard 6 outlet=O000049"),
    ("2011-07-07T18:10", "陈晨", "", "deduct P0018 outlet-complaint 2 outlet=O000178 problem=客服不接电话"),
    ("2011-07-20T18:00", "陈晨", "", "deduct P0009 brand-standard 4 outlet=O000089"),
    ("2011-07-21T18:00", "周敏", "", "notice-sent P0009 event=suspended recipients=provider via=registered-mail"),
    (
        "2011-07-26T18:00",
        "周敏",
        "",
        "rectification-planned P0009 advice=物料先审后印 deadline=2011-09-30 standard=抽检无违规",
    ),
    ("2011-08-09T18:05", "韩梅", "", "deduct P0003 brand-standard 4 outlet=O000083"),
    ("2011-08-10T18:12", "陈晨", "", "deduct P0018 outlet-complaint 1 outlet=O000218 problem=客服不接电话"),
    ("2011-08-17T18:00", "韩梅", "", "deduct P0005 brand-standard 5 outlet=O000045"),
    ("2011-09-07T18:00", "李雷", "", "deduct P0013 media-exposure 10 note=晚报"),
    ("2011-09-14T18:00", "李雷", "", "deduct P0008 media-exposure 15 note=电视台跟进"),
    ("2011-09-15T18:00", "陈晨", "", "deduct P0029 unapproved-material 15 note=横幅未送审"),
    ("2011-09-21T18:14", "陈晨", "", "deduct P0018 outlet-complaint 2 outlet=O000258 problem=客服不接电话"),
    (
        "2011-10-08T18:00",
        "周敏",
        "",
        "rectification-failed P0009 points=12 advice=物料先审后印并留样 deadline=2011-12-19 standard=抽检无违规 note=抽检仍有两家",
    ),
    ("2011-10-12T18:00", "李雷", "", "deduct P0005 media-exposure 15 note=晚报跟进"),
    ("2011-10-18T18:00", "韩梅", "", "deduct P0018 brand-standard 4 outlet=O000058"),
    ("2011-10-19T18:00", "韩梅", "", "deduct P0008 unapproved-material 11 note=促销单未送审"),
    ("2011-10-26T18:31", "李雷", "leaflet", "deduct P0003 unapproved-material 9 note=传单未送审"),
    ("2011-11-01T18:00", "刘洋", "", "territory-confirmed P0014 city=温州 population=3,040,000"),
    ("2011-11-02T18:00", "韩梅", "", "deduct P0005 brand-standard 5 outlet=O000085"),
    (
        "2011-11-03T18:00",
        "周敏",
        "",
        "notice-sent P0005 event=suspended recipients=provider via=system-message entered=2011-11-03T18:00",
    ),
    (
        "2011-11-08T18:00",
        "周敏",
        "",
        "rectification-planned P0005 advice=媒体应对培训 deadline=2011-12-30 standard=培训合格",
    ),
    ("2011-11-08T18:10", "周敏", "", "notice-sent P0005 event=plan recipients=provider via=email"),
    ("2011-11-09T18:00", "韩梅", "", "deduct P0008 brand-standard 6 outlet=O000048"),
    ("2011-11-10T18:00", "陈晨", "", "deduct P0005 exit-response 2 outlet=O000125"),
    ("2011-11-10T18:05", "陈晨", "", "deduct P0029 brand-standard 5 outlet=O000069"),
    ("2011-11-16T18:00", "韩梅", "", "deduct P0013 brand-standard 5 outlet=O000093"),
    ("2011-11-16T18:10", "刘洋", "", "promotion-held P0014 title=冬装 material_on=2011-11-10"),
    ("2011-11-17T18:00", "陈晨", "", "deduct P0029 exit-response 2 outlet=O000109"),
    ("2011-11-18T18:00", "韩梅", "", "deduct P0018 unapproved-material 11 note=海报未送审"),
    (
        "2011-11-28T18:00",
        "刘洋",
        "",
        "conference-held P0014 city=温州 visits=104 outlets_visited=2,060 invited=180 attended=96 signed=61 publicity=abc",
    ),
    ("2011-11-29T18:00", "刘洋", "", "outlet-proposed P0014 outlet_id=O900001 city=温州 name=信河街12号数码店 staff=2"),
    ("2011-11-29T18:05", "刘洋", "", "outlet-proposed P0014 outlet_id=O900002 city=温州 name=五马街8号服装店 staff=1"),
    (
        "2011-12-01T18:00",
        "刘洋",
        "",
        "weed-out-agreed P0014 region=浙南 standard=连续两月低于千元或三次投诉 complaints=3",
    ),
    ("2011-12-05T18:00", "刘洋", "", "provider-exit-proposed P0011 note=合同到期不续"),
    (
        "2011-12-05T18:10",
        "周敏",
        "",
        "notice-sent P0011 event=exit-proposed recipients=departments via=system-message entered=2011-12-05T18:10",
    ),
    ("2011-12-07T18:00", "韩梅", "", "deduct P0008 brand-standard 5 outlet=O000088"),
    ("2011-12-07T18:10", "王芳", "", "provider-exit-confirmed P0011"),
    ("2011-12-09T18:00", "赵强", "", "provider-exit-signed P0011 role=system-manager"),
    ("2011-12-12T18:00", "陈晨", "", "objection-opened P0003 against={leaflet} grounds=样张十月已送审"),
    ("2011-12-13T18:00", "孙丽", "", "agreement-effective P0016 city=湖州 on=2011-03-01"),
    ("2011-12-13T18:01", "孙丽", "", "deposit-paid P0016 city=湖州 on=2011-03-03"),
    ("2011-12-13T18:02", "孙丽", "", "deposit-frozen P0016 city=湖州 amount=300000 on=2011-03-04"),
    ("2011-12-13T18:03", "陈晨", "refund", "complained O000016 from=consumer problem=退款拖延"),
    (
        "2011-12-14T10:00",
        "孙丽",
        "",
        "complaint-ordered P0016 complaint={refund} compensation=4200 correct=yes note=退款未付",
    ),
    ("2011-12-14T16:20", "陈晨", "", "exit-asked O000009 note=店铺转让"),
    ("2011-12-15T09:30", "陈晨", "", "help-asked O000001 note=退货流程"),
];

/// The entries that later steps name.
pub type Named = BTreeMap<&'static str, Seq>;

/// When a step was typed.
pub fn when(step: &Step) -> Result<Moment, StoreError> {
    parse_moment(step.0).map_err(|_| StoreError::view(format!("no moment {}", step.0)))
}

/// What it asks for.
pub fn command(desk: &Desk, named: &Named, (_, _, _, typed): &Step) -> Result<Command, StoreError> {
    let bad = |what: String| StoreError::view(format!("{typed}: {what}"));
    let mut text = (*typed).to_owned();
    for (name, seq) in named {
        text = text.replace(&format!("{{{name}}}"), &seq.to_string());
    }
    let mut words = text.split_whitespace();
    let word = words.next().unwrap_or_default();
    let (plain, fields): (Vec<&str>, Vec<&str>) = words.partition(|word| !word.contains('='));
    let fields: BTreeMap<&str, &str> = fields.iter().filter_map(|field| field.split_once('=')).collect();
    if let ("deduct", [provider, article, points]) = (word, &plain[..]) {
        return Ok(Command::Deduct(Deduction {
            provider: provider.parse().map_err(|e| bad(format!("{e}")))?,
            article: article.parse().map_err(|e| bad(format!("{e}")))?,
            points: Points(points.parse().map_err(|e| bad(format!("{e}")))?),
            occurred_on: desk.today(),
            outlet: fields.get("outlet").map(|id| id.parse()).transpose().map_err(|e| bad(format!("{e}")))?,
            problem: fields.get("problem").map(|&text| text.to_owned()),
            note: fields.get("note").map(|&text| text.to_owned()),
            subject: None,
            evidence: None,
        }));
    }
    let kind = RecordKind::of(word).ok_or_else(|| bad("no such record".to_owned()))?;
    let first = kind.fields.first().map(|field| field.name);
    let owner = |id: &OutletId| desk.outlet(id).ok().flatten().map(|outlet| outlet.provider);
    let typed = |name: &str| {
        let given = if first == Some(name) { plain.first() } else { fields.get(name) };
        given.map(|&text| text.to_owned()).unwrap_or_default()
    };
    kind.read(&typed, desk.now(), &owner).map_err(|e| bad(format!("{e:?}")))
}
