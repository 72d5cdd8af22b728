tab-providers = Providers
tab-journal = Journal
tab-rulebook = Rulebook
pane-outlets = outlets
pane-ledger = Ledger
reversal = reversal of
loading = Reading…
empty-store =
    There are no providers yet.

    a                                    add a provider
    koufen import providers FILE.csv     import a provider list
    koufen import outlets FILE.csv       import an outlet list
    koufen demo                          look around with sample data

    q quit   L 中文
no-match = No provider matches the filter. Esc clears it.
no-outlets = No outlets. Tab here and press a to add one.
no-lines = No deductions this year. Press d to record one.
no-lines-but = No deductions this year; there are some in { $years }. < and > turn the year.
too-small = koufen needs at least { $columns } columns and { $rows } rows. Please enlarge the window.
key-deduct = deduct
key-reverse = reverse
key-add = add
key-edit = edit
key-filter = filter
key-help = keys
key-pane = pane
key-pane-back = pane before
key-zoom = zoom
key-year-back = year
key-year-on = year after
key-down = down
key-up = up
key-page-down = a page down
key-page-up = a page up
key-first = to the first
key-last = to the last
key-open = open
key-back = back (never quits)
key-providers = providers
key-journal = journal
key-rulebook = rulebook
key-reload = read again
key-language = 中文
key-theme = next theme
key-quit = quit
help-filter =
    Filter: id, name, pinyin or initials; score>=50  city:杭州  standing:suspended
    Dates: today  yesterday  -1d  3-2  2011-03-02
filter-keep = keep the filter
filter-clear = clear it
form-save = save
form-next = save and next
form-tab = next field
form-esc = cancel
form-cancel = Cancel
form-do-reverse = Reverse
form-leave = Throw away what was typed? y throws it away, any other key goes on
form-add-provider = Add a provider
form-edit-provider = Edit a provider
form-add-outlet = Add an outlet
form-edit-outlet = Edit an outlet
form-deduct = Record a deduction
form-reverse = Reverse line { $line }: give the reason, and type the provider's id { $provider }
form-number = a whole number, please
form-id = ids have letters, digits, - and _
form-article = there is no such article
form-range = { $article } takes { $min } to { $max } points
form-future = must not be after today
form-date = dates: 2011-03-02, today, -1d
form-money = amounts: 1000000 or 12.50
form-kind = third-party or self-operated
form-not-this-provider = not this line's provider
field-recorded = recorded
line-title = Ledger line
line-reverses = reverses line { $line }
line-reversed = { $points } (reversed by line { $by }, does not count)
line-cut = assessed { $points }, counts { $effective } (cap { $cap } for one problem)
preview-score = { $provider } in { $year }: { $before } → { $after } points, { $was } → { $is }
preview-cut = Assessed { $points }, counts { $effective } under the cap (2.2.2).
preview-suspended = Reaches { $mark }: expansion elsewhere is suspended, rectification begins (3.1).
preview-terminable = Reaches { $mark }: termination may be decided (3.2).
preview-warn = Reaches the warn mark { $mark }.
preview-crossing = The next mark is reached from { $points } points on.
article-cap = One provider, year and problem: { $cap } points at most.
status-saved = Recorded as journal entry { $seq } ({ $provider })
status-theme = Theme: { $name }
status-nothing-selected = Select something first
status-not-reversible = This line is a reversal or was reversed
event-provider-added = provider +
event-provider-amended = provider ~
event-outlet-added = outlet +
event-outlet-amended = outlet ~
event-deduction = deduction
event-credit = credit
event-reversal = reversal
demo-title = demo
console-no-terminal = The console needs a terminal; `koufen --help` shows the commands.
theme-bad = The theme { $name } cannot be used: { $why }

event-turnover = turnover
event-turnover-amended = turnover*
event-finding-confirmed = confirmed
event-finding-dismissed = dismissed
