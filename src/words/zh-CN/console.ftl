tab-providers = 服务商
tab-journal = 日志
tab-rulebook = 规则
pane-outlets = 网点
pane-ledger = 扣分
reversal = 冲正
loading = 正在读取……
empty-store =
    还没有服务商。

    a                                   新增服务商
    koufen import providers 文件.csv    导入服务商表
    koufen import outlets 文件.csv      导入网点表
    koufen demo                         用样例数据看一看

    q 退出   L English
no-match = 没有符合筛选的服务商。Esc 清除筛选。
no-outlets = 没有网点。Tab 到这里按 a 新增。
no-lines = 这一年没有扣分。按 d 记一条。
no-lines-but = 这一年没有扣分；有记录的年份：{ $years }。按 < 或 > 换年。
too-small = koufen 至少需要 { $columns } 列 { $rows } 行。请放大窗口。
key-deduct = 扣分
key-reverse = 冲正
key-add = 新增
key-edit = 修改
key-filter = 筛选
key-help = 按键
key-pane = 换栏
key-pane-back = 上一栏
key-zoom = 放大
key-year-back = 上一年
key-year-on = 下一年
key-down = 下移
key-up = 上移
key-page-down = 下翻一页
key-page-up = 上翻一页
key-first = 到开头
key-last = 到末尾
key-open = 打开
key-back = 返回（不会退出）
key-providers = 服务商
key-journal = 日志
key-rulebook = 规则
key-reload = 重新读取
key-language = English
key-theme = 换主题
key-quit = 退出
help-filter =
    筛选：编号、名称、拼音或首字母；score>=50  city:杭州  standing:suspended
    日期：today 昨天 -1d 3-2 2011-03-02
filter-keep = 保留筛选
filter-clear = 清除筛选
form-save = 保存
form-next = 保存并记下一条
form-tab = 下一项
form-esc = 取消
form-cancel = 取消
form-do-reverse = 冲正
form-leave = 放弃已输入的内容？ y 放弃 / 其他键继续填写
form-add-provider = 新增服务商
form-edit-provider = 修改服务商
form-add-outlet = 新增网点
form-edit-outlet = 修改网点
form-deduct = 记扣分
form-reverse = 冲正第 { $line } 号：写明理由，并输入服务商编号 { $provider } 确认
form-number = 请填整数
form-id = 编号只能用字母、数字、- 和 _
form-article = 没有这个扣分项
form-range = { $article } 每条扣 { $min } 到 { $max } 分
form-future = 不能晚于今天
form-date = 日期如 2011-03-02、今天、-1d
form-money = 金额如 1000000 或 12.50
form-kind = third-party 或 self-operated
form-not-this-provider = 不是这一行的服务商
field-recorded = 记录
line-title = 扣分行
line-reverses = 冲正第 { $line } 号
line-reversed = { $points }（已被第 { $by } 号冲正，不计分）
line-cut = 认定 { $points }，有效 { $effective }（同一问题封顶 { $cap }）
preview-score = { $provider } { $year } 年：{ $before } → { $after } 分，{ $was } → { $is }
preview-cut = 认定 { $points } 分，封顶后有效 { $effective } 分（2.2.2）。
preview-suspended = 达到 { $mark } 分：暂停其他区域拓展，进入整改（3.1）。
preview-terminable = 达到 { $mark } 分：可以决定终止（3.2）。
preview-warn = 达到警戒线 { $mark } 分。
preview-crossing = 从 { $points } 分起会越过下一条线。
article-cap = 同一服务商、同一年、同一问题最多计 { $cap } 分。
status-saved = 已记入日志第 { $seq } 号（{ $provider }）
status-theme = 主题：{ $name }
status-nothing-selected = 先选中一条再操作
status-not-reversible = 这一行是冲正，或已被冲正
event-provider-added = 新增服务商
event-provider-amended = 修改服务商
event-outlet-added = 新增网点
event-outlet-amended = 修改网点
event-deduction = 扣分
event-credit = 减分
event-reversal = 冲正
demo-title = 样例
console-no-terminal = 控制台需要一个终端；命令行用法见 koufen --help。
theme-bad = 没有可用的主题 { $name }：{ $why }

event-turnover = 交易额
event-turnover-amended = 更正交易额
event-finding-confirmed = 确认拟扣
event-finding-dismissed = 驳回拟扣
