//! Invented names and remarks for the sample.

/// Cities of Zhejiang with their people, in round figures.
pub const CITIES: [(&str, u64); 11] = [
    ("杭州", 8_700_000),
    ("宁波", 7_600_000),
    ("温州", 9_120_000),
    ("嘉兴", 4_500_000),
    ("湖州", 2_890_000),
    ("绍兴", 4_910_000),
    ("金华", 5_360_000),
    ("衢州", 2_120_000),
    ("舟山", 1_120_000),
    ("台州", 5_970_000),
    ("丽水", 2_120_000),
];

/// The fanciful part of a company's name; as many as there are providers.
pub const FIRST: [&str; 40] = [
    "捷达", "金桥", "汇通", "远景", "百川", "星河", "顺安", "宏图", "联众", "嘉禾", "云帆", "天宇", "瑞丰", "华茂",
    "德信", "明远", "启航", "万里", "安泰", "恒升", "新桥", "东来", "广源", "同舟", "和兴", "长风", "聚力", "青禾",
    "三江", "四海", "银杏", "海棠", "春晖", "秋实", "北辰", "南星", "松竹", "兰亭", "白鹭", "飞燕",
];

/// What a company does.
pub const TRADES: [&str; 5] = ["商贸", "网络服务", "电子商务", "信息服务", "便民服务"];

/// Streets.
pub const STREETS: [&str; 16] = [
    "文三路",
    "解放路",
    "人民路",
    "中山路",
    "建设街",
    "望江街",
    "环城北路",
    "新华街",
    "学院路",
    "湖滨路",
    "西门街",
    "青年路",
    "滨海大道",
    "老车站路",
    "桥头街",
    "书院巷",
];

/// Shops.
pub const SHOPS: [&str; 12] = [
    "便利店",
    "数码店",
    "书店",
    "通讯店",
    "超市",
    "打字复印",
    "服装店",
    "烟酒店",
    "水果店",
    "文具店",
    "彩票站",
    "母婴店",
];

/// Articles of every day.
pub const LIGHT: [&str; 10] = [
    "outlet-complaint",
    "outlet-complaint",
    "outlet-complaint",
    "outlet-complaint",
    "outlet-complaint",
    "exit-response",
    "exit-response",
    "after-exit-dispute",
    "after-exit-dispute",
    "brand-standard",
];

/// Articles that weigh.
pub const HEAVY: [&str; 7] = [
    "conference-results",
    "promotion-gap",
    "training-failure",
    "unapproved-material",
    "signing-delay",
    "media-exposure",
    "dormant-outlets",
];

/// Tags of problems.
pub const PROBLEMS: [&str; 5] = ["客服不接电话", "配送慢", "物料未到", "培训缺失", "系统问题不跟进"];

/// Remarks.
pub const NOTES: [&str; 8] = [
    "现场抽查，照片已存档",
    "电话回访核实",
    "网点提交书面说明\n服务商当日确认",
    "月度巡检发现",
    "会后第三次提醒",
    "邮件往来见附件",
    "消费者来电，录音已留",
    "与服务商核对无异议",
];

/// Reasons of reversals.
pub const REASONS: [&str; 4] = ["录入错误，日期有误", "重复记录", "申诉成立，证据不足", "网点登记错误"];
