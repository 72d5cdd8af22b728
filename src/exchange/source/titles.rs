//! What offices call the columns: the program's own names, the words that it shows in both languages, and their usual
//! synonyms. A test holds that every word shown is known here.

use super::super::Kind;
use super::super::clean::fold;
use crate::ids::is_invisible;

/// The titles of a column, without blanks, lines and brackets: those that mean it and nothing else, and those that may
/// mean another column of the same kind of file and give way to it.
struct Titles {
    column: &'static str,
    sure: &'static [&'static str],
    loose: &'static [&'static str],
}

const fn of(column: &'static str, sure: &'static [&'static str], loose: &'static [&'static str]) -> Titles {
    Titles { column, sure, loose }
}

const PROVIDER_ID: Titles = of(
    "provider_id",
    &[
        "服务商编号",
        "服务商id",
        "服务商代码",
        "服务商编码",
        "代购服务商编号",
        "所属服务商编号",
        "providerno",
        "providernumber",
        "providercode",
    ],
    &["服务商", "代购服务商", "所属服务商", "provider", "owner"],
);

const OUTLET_ID: Titles = of(
    "outlet_id",
    &[
        "网点编号",
        "网点id",
        "网点代码",
        "网点编码",
        "代购网点编号",
        "门店编号",
        "outletno",
        "outletnumber",
        "outletcode",
    ],
    &["网点", "代购网点", "门店", "outlet", "shop", "store"],
);

const PROVIDERS: &[Titles] = &[
    PROVIDER_ID,
    of(
        "name",
        &[
            "名称",
            "服务商名称",
            "代购服务商名称",
            "公司名称",
            "企业名称",
            "全称",
            "providername",
            "companyname",
            "company",
        ],
        &["公司", "企业", "服务商", "provider"],
    ),
    of("kind", &["类型", "服务商类型", "类别", "性质", "type", "providertype"], &[]),
    of("city", &["城市", "所在城市", "协议城市", "签约城市"], &["地区", "区域", "town"]),
    of("population", &["人口", "城市人口", "人口数", "常住人口", "inhabitants"], &[]),
    of("registered_capital", &["注册资本", "注册资金"], &["资本", "capital"]),
    of(
        "agreement_on",
        &["协议日期", "协议签订日期", "协议签署日期", "签约日期", "agreementdate", "agreement"],
        &["日期", "date"],
    ),
    of("email", &["邮箱", "电子邮箱", "电子邮件", "企业邮箱", "公司邮箱", "mail", "emailaddress"], &[]),
    of("phone", &["电话", "售后电话", "联系电话", "手机", "电话号码", "telephone", "tel", "phonenumber"], &[]),
    of("provider_id", &[], &["编号", "代码", "编码", "id", "no", "code"]),
];

const OUTLETS: &[Titles] = &[
    OUTLET_ID,
    PROVIDER_ID,
    of("city", &["城市", "所在城市", "网点城市"], &["地区", "区域", "town"]),
    of(
        "name",
        &["名称", "网点名称", "代购网点名称", "门店名称", "店名", "outletname", "shopname", "storename"],
        &["网点", "门店", "outlet", "shop", "store"],
    ),
    of(
        "signed_on",
        &["签约日期", "签约时间", "签订日期", "合同日期", "签约日", "signed", "signingdate", "contractdate"],
        &["日期", "date"],
    ),
    of("closed_on", &["关闭日期", "撤点日期", "退出日期", "leftclosedon"], &[]),
    of("transfers", &["转让", "转让记录", "过往服务商", "历任服务商", "earlierproviders"], &[]),
    of("staff", &["人员", "人员数", "服务人员", "服务人员数", "人数", "people"], &[]),
    of("outlet_id", &[], &["编号", "代码", "编码", "id", "no", "code"]),
];

const TURNOVER: &[Titles] = &[
    OUTLET_ID,
    of("month", &["月份", "月", "统计月份", "账期", "年月", "period"], &["日期", "时间", "date"]),
    of(
        "turnover",
        &["交易额", "月交易额", "成交额", "营业额", "销售额", "交易金额", "成交金额", "sales", "revenue", "gmv"],
        &["金额", "amount"],
    ),
    of("orders", &["订单数", "订单量", "订单", "订单笔数", "ordercount", "numberoforders"], &["笔数"]),
    of(
        "orders_with_final_status",
        &[
            "有最终状态的订单数",
            "有最终状态",
            "有最终状态订单数",
            "最终状态订单数",
            "终态订单数",
            "orderswithafinalstatus",
            "withfinalstatus",
            "finalstatus",
        ],
        &[],
    ),
    of("outlet_id", &[], &["编号", "id"]),
];

const DEDUCTIONS: &[Titles] = &[
    PROVIDER_ID,
    of(
        "article",
        &["扣分项", "扣分项目", "扣分条款", "扣分事项", "扣分类型", "违规类型", "条款", "clause"],
        &["项目", "事项", "扣分原因"],
    ),
    of("points", &["扣分", "分值", "分数", "扣分值", "扣分数", "扣分分值", "扣分分数", "pointsdeducted"], &["分"]),
    of(
        "occurred_on",
        &["发生日期", "发生日", "发生时间", "违规日期", "扣分日期", "occurred", "dateofoccurrence"],
        &["日期", "时间", "date", "day", "on"],
    ),
    OUTLET_ID,
    of("problem", &["问题", "问题标签", "投诉问题", "problemtag"], &[]),
    of("note", &["备注", "说明", "情况说明", "备注说明", "证据", "notes", "remark", "remarks", "comment"], &[]),
    of(
        "subject",
        &["所指", "whatitstandsfor", "standsfor", "所指记录", "对应记录", "关联记录"],
        &["会议", "培训", "对象"],
    ),
    of("evidence", &["凭证", "证据编号", "证据材料", "凭证编号", "proof"], &["附件", "attachment"]),
    of("line", &["行号", "账目行号", "账本行号"], &[]),
    of("kind", &["类型"], &[]),
    of("reverses", &["冲正", "冲正行号", "冲正的行", "reversal"], &[]),
    of("effective", &["计分", "有效分", "counts"], &[]),
    of("recorded_at", &["记录时间", "记录时刻"], &[]),
    of("by", &["记录人"], &[]),
];

fn titles(kind: Kind) -> &'static [Titles] {
    match kind {
        Kind::Providers => PROVIDERS,
        Kind::Outlets => OUTLETS,
        Kind::Turnover => TURNOVER,
        Kind::Deductions | Kind::Audit => DEDUCTIONS,
    }
}

/// A title made plain: folded, lower case, without blanks, signs and what stands in brackets (`（必填）`, `(元)`).
pub fn plain(title: &str) -> String {
    let folded = fold(title).to_lowercase();
    let said = |text: &str| text.chars().filter(|c| c.is_alphanumeric() && !is_invisible(*c)).collect::<String>();
    let (mut bare, mut inside, mut depth) = (String::new(), String::new(), 0_u32);
    for c in folded.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '{' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => inside.push(c),
        }
    }
    let (bare, inside) = (said(&bare), said(&inside));
    // A title that is all in brackets is what stands in them; another meaning makes it another column.
    if bare.is_empty() || !decorates(&inside) { said(&folded) } else { bare }
}

/// Whether what stands in a title's brackets only says how to fill it in, or says a unit.
fn decorates(inside: &str) -> bool {
    const WHOLE: [&str; 16] = [
        "",
        "元",
        "人民币",
        "人民币元",
        "rmb",
        "cny",
        "yuan",
        "人",
        "名",
        "家",
        "个",
        "id",
        "编号",
        "代码",
        "全称",
        "条款",
    ];
    const PART: [&str; 13] = [
        "必填", "选填", "必须", "可空", "不填", "required", "optional", "yyyy", "格式", "例如", "文本", "下拉",
        "20110302",
    ];
    // A column in other units is known for what it is, and refused for that.
    let unit = in_other_units(&format!("({inside})"));
    unit || WHOLE.contains(&inside) || PART.iter().any(|part| inside.contains(part)) || inside.starts_with('如')
}

/// How surely a title means a column; the least number is the surest.
const RANKS: usize = 3;

fn means(titles: &Titles, title: &str, rank: usize) -> bool {
    match rank {
        0 => title.chars().eq(titles.column.chars().filter(|c| *c != '_')),
        1 => titles.sure.contains(&title),
        _ => titles.loose.contains(&title),
    }
}

/// Which cell of a header is which column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Columns and their places.
    pub places: Vec<(&'static str, usize)>,
    /// Places of cells that mean a column which another cell means just as surely.
    pub twice: Vec<usize>,
}

impl Columns {
    /// The columns of a kind among titles; each title is one column at most, the surer meaning first.
    pub fn of(kind: Kind, header: &[String]) -> Columns {
        let header: Vec<String> = header.iter().map(|title| plain(title)).collect();
        let (mut columns, mut used) = (Columns::default(), vec![false; header.len()]);
        for rank in 0..RANKS {
            for titles in titles(kind) {
                if columns.place(titles.column).is_some() {
                    continue;
                }
                let mut fits = (0..header.len()).filter(|at| !used[*at] && means(titles, &header[*at], rank));
                let Some(first) = fits.next() else { continue };
                let same = fits.collect::<Vec<_>>();
                same.iter().chain([&first]).for_each(|at| used[*at] = true);
                columns.twice.extend(same);
                columns.places.push((titles.column, first));
            }
        }
        columns
    }

    /// The place of a column.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.places.iter().find(|(name, _)| *name == column).map(|(_, at)| *at)
    }

    /// The wanted columns that are not there.
    pub fn missing(&self, kind: Kind) -> Vec<&'static str> {
        kind.columns().0.iter().copied().filter(|column| self.place(column).is_none()).collect()
    }
}

/// Whether a title says that its column counts in other units than one yuan or one person: `交易额（万元）`,
/// `人口（万人）`, `turnover (USD)`.
pub fn in_other_units(title: &str) -> bool {
    let folded = fold(title).to_lowercase();
    let parts = [
        "万元", "千元", "亿元", "百元", "万人", "千人", "美元", "港币", "港元", "欧元", "usd", "hkd", "eur", "thousand",
    ];
    let alone = ["(万)", "(千)", "(亿)", "(角)", "(分)", "(w)", "(k)", "(10k)", "(m)"];
    parts.iter().chain(&alone).any(|unit| folded.replace(' ', "").contains(unit))
}

/// Whether a line above a table says that its amounts count in other units: `单位：万元`.
pub fn says_other_units(line: &str) -> bool {
    let folded = fold(line).replace([' ', '\u{3000}'], "");
    folded.split("单位").skip(1).any(|after| in_other_units(after.get(..after.len().min(16)).unwrap_or(after)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, field};

    fn columns(kind: Kind, titles: &[&str]) -> Vec<&'static str> {
        let titles: Vec<String> = titles.iter().map(|t| (*t).to_owned()).collect();
        let columns = Columns::of(kind, &titles);
        assert!(columns.twice.is_empty(), "{titles:?}");
        let mut places = columns.places;
        places.sort_by_key(|(_, at)| *at);
        places.into_iter().map(|(column, _)| column).collect()
    }

    /// What the program shows as the name of a column, in a form or above a table, it takes as one.
    #[test]
    fn every_word_that_the_program_shows_is_taken() {
        for kind in Kind::ALL {
            let (must, may) = kind.columns();
            for column in must.iter().chain(may) {
                for lang in Lang::ALL {
                    let shown = field(lang, column);
                    let title = plain(&shown);
                    let known = titles(kind)
                        .iter()
                        .any(|t| t.column == *column && (0..RANKS).any(|rank| means(t, &title, rank)));
                    assert!(known, "{kind:?} {column} {shown}");
                }
            }
        }
    }

    /// So are the titles of the tables on the command line, where they are other words.
    #[test]
    fn titles_of_tables_are_taken() {
        for lang in Lang::ALL {
            for (kind, column, key) in [
                (Kind::Providers, "registered_capital", "column-registered-capital"),
                (Kind::Providers, "agreement_on", "column-agreement-on"),
                (Kind::Providers, "email", "column-email"),
                (Kind::Outlets, "outlet_id", "column-outlet"),
                (Kind::Outlets, "provider_id", "column-provider"),
                (Kind::Outlets, "signed_on", "column-signed-on"),
                (Kind::Turnover, "orders_with_final_status", "column-orders-with-final-status"),
                (Kind::Deductions, "points", "column-points"),
                (Kind::Deductions, "occurred_on", "column-occurred-on"),
                (Kind::Deductions, "effective", "column-effective"),
                (Kind::Deductions, "reverses", "column-reversal"),
            ] {
                let title = lang.say(key);
                assert_eq!(Columns::of(kind, std::slice::from_ref(&title)).places, [(column, 0)], "{title}");
            }
        }
    }

    #[test]
    fn titles_are_taken_as_offices_write_them() {
        let decorated = ["*服务商编号", "扣分项（必填）", "扣 分", "发生\n日期：", "网点 编号", "备注【选填】"];
        let are = ["provider_id", "article", "points", "occurred_on", "outlet_id", "note"];
        assert_eq!(columns(Kind::Deductions, &decorated), are);
        let english = ["Provider ID", "Article", "POINTS *", "Occurred on", "Outlet-ID", "Remarks"];
        assert_eq!(columns(Kind::Deductions, &english), are);
        let both = ["序号", "服务商编号", "服务商名称", "扣分项", "扣分", "发生日期"];
        assert_eq!(columns(Kind::Deductions, &both), ["provider_id", "article", "points", "occurred_on"]);
        let list = ["编号", "名称", "类型", "城市", "E-mail"];
        assert_eq!(columns(Kind::Providers, &list), ["provider_id", "name", "kind", "city", "email"]);
        let named = ["服务商编号", "服务商", "类型", "城市"];
        assert_eq!(columns(Kind::Providers, &named), ["provider_id", "name", "kind", "city"]);
        let outlets = ["网点编号", "服务商", "城市", "网点", "签约日期"];
        assert_eq!(columns(Kind::Outlets, &outlets), ["outlet_id", "provider_id", "city", "name", "signed_on"]);
        let month = ["网点", "月份", "交易额（元）", "订单数", "有最终状态"];
        let are = ["outlet_id", "month", "turnover", "orders", "orders_with_final_status"];
        assert_eq!(columns(Kind::Turnover, &month), are);
        assert!(in_other_units("交易额（万元）") && !in_other_units("交易额（元）"));
    }

    #[test]
    fn brackets_that_mean_something_else_make_another_column() {
        for title in ["交易额（元）", "交易额(必填)", "交易额（人民币）"] {
            assert_eq!(plain(title), "交易额", "{title}");
        }
        for title in ["扣分（累计）", "日期（整改期限）", "交易额(目标)", "名称（曾用名）"] {
            assert!(plain(title).chars().count() > 3, "{title}");
        }
        for title in
            ["交易额(亿元)", "注册资本（美元）", "人口（万人）", "turnover (k)", "population (10k)", "turnover (USD)"]
        {
            assert!(in_other_units(title), "{title}");
        }
        for line in ["单位：万元", "2011年2月交易额（单位：千元）", "单位: 万 元"] {
            assert!(says_other_units(line), "{line}");
        }
        assert!(!says_other_units("填报单位：杭州捷达") && !says_other_units("单位：元"));
    }
}
