# 窗口。端口和 PID 以文本传入；计数以数字传入，或已写成文本。

close = 关闭
understood = 知道了
cancel = 取消
copy = 复制
pause = 暂停
go-on = 继续
starting = 正在查看套接字…
also-ipv4 = 同时支持 IPv4
program-being-read = （读取中）
program-pid = { $program }（PID { $pid }）

# 视图
views = 视图
view-all = 全部连接
view-listening = 监听端口
view-programs = 程序
view-history = 历史记录
view-settings = 设置

# 搜索
search-label = 端口、程序、地址或筛选条件
search-placeholder = 输入端口、程序或地址，例如 7897
search-clear = 清除搜索
more-actions = 操作
export-csv = 导出为 CSV…
export-json = 导出为 JSON…
copy-selected = 复制选中的行
panel-title = 详情
panel-toggle = 显示或隐藏详情
panel-width = 详情栏宽度

# 时间长度，一眼就能看懂
age-seconds = { $seconds } 秒
age-minutes = { $minutes } 分钟
age-hours = { $hours } 小时 { $minutes } 分
age-days = { $days } 天 { $hours } 小时
age-at-least = 超过 { $age }

# 数据量
bytes = { $amount } { $unit }
per-second = { $bytes }/秒
millis = { $millis } 毫秒

# 表格
grid-label = 套接字
grid-no-sockets = 本机没有任何套接字。
grid-none-listening = 没有程序在监听。
grid-nothing-matches = 没有与输入内容匹配的行。
menu-label = 菜单
column-program = 程序
column-pid = 进程号
column-protocol = 协议
column-local_address = 本地地址
column-local_port = 本地端口
column-remote_address = 远程地址
column-remote_port = 远程端口
column-state = 状态
column-user = 用户
column-first_seen = 已打开
column-receive_queue = 待读取
column-send_queue = 待确认
column-path = 程序文件
column-usual_program = 常用于
column-organisation = 所属组织
column-peer = 对端程序
peer-unknown = 未知程序
peer-note = 这个连接的两端都在本机：这是另一端的程序。
column-country = 国家/地区
country-note = 地址的注册地。对方电脑不一定就在那里。
fact-organisation = 所属组织
column-receiving = 接收速率
column-sending = 发送速率
traffic-not-counted = 没有计数：只有 Linux 上由程序持有的 TCP 连接才统计字节数。
sort-ascending = 从小到大
sort-descending = 从大到小
usual-program-note = 这个端口上常见的程序，并不说明现在真的是它。
fold = 收起 { $name }
unfold = 展开 { $name }
group-sockets = { $number ->
   *[other] { $sockets } 个套接字
}
group-listeners = { $number ->
   *[other] { $listeners } 个在监听
}
menu-port = 谁占用端口 { $port }？
menu-connections = 显示此程序的连接
menu-filter = 只看值相同的行
menu-copy-rows = { $rows ->
    [1] 复制此行
   *[other] 复制 { $rows } 行
}
menu-copy-cell = 复制单元格

# 提示
notice-copied = 已复制。
notice-copied-rows = { $rows ->
    [0] 这些行已经消失，没有复制任何内容。
   *[other] 已复制 { $rows } 行。
}
notice-exported = { $rows ->
   *[other] 已将 { $rows } 行写入 { $path }
}

# 状态栏
status-total = { $number ->
   *[other] { $total } 个套接字
}
status-matched = { $total } 个套接字中的 { $matched } 个
status-looked = 查看于 { $time }
status-paused = 暂停于 { $time }
status-look-took = 上次查看用时 { $millis } 毫秒。
status-held = 顺序已固定
status-held-why = 指针停在表格上时，各行位置不变，新行排在最后。
hidden-other_user = { $number ->
   *[other] 隐藏 { $sockets } 个（其他用户）
}
hidden-protected = 隐藏 { $sockets } 个（受保护）
hidden-no_holder = { $sockets } 个没有程序
hidden-not_reported = { $sockets } 个系统未说明

# 端口的答案
port-held = 端口 { $port } 被 { $names } 占用
# ……以及系统不让看到程序时，由谁占用。
holder-other_user = 其他用户的程序
holder-protected = 受保护的程序
holder-no_holder = 未找到的程序
holder-pending = 正在查找的程序
holder-not_reported = 系统未说明的程序
port-client = 没有程序监听端口 { $port }，但有程序把它用作自己连接的本地端口
port-lingering = 没有程序监听端口 { $port }，只有已关闭的连接暂时保留
port-free = 端口 { $port } 空闲
port-set-aside = 没有程序占用端口 { $port }，但它在本机已被预留
port-connections = { $connections ->
   *[other] { $connections } 个连接，来自
}
port-no-clients = 没有程序连着它。
port-own-end = 它把这个端口用作自己对外连接的本地端口，并不在此监听。
port-rest = { $sockets ->
   *[other] 还有 { $sockets } 个已关闭的连接由系统暂时保留
}，不妨碍程序在此监听。
port-rest-until = 最后一个将在 { $time } 消失。
port-outgoing = { $sockets ->
   *[other] 本机有 { $sockets } 个连接通向其他电脑的 { $port } 端口。
}
since = 始于 { $time }（{ $age }）。
since-before = 至少 { $age }：在 Quaymaster 开始查看之前就已打开。
program-started = 程序启动于 { $time }。
bound-dual = { $place }（同时支持 IPv4）
reachable-from = 访问范围：{ $reach }。
firewall-not-asked = （前面可能还有防火墙。）
client-program = { $program }（PID { $pids }）× { $connections }
client-remote = { $address }× { $connections }
client-unknown = { $why }× { $connections }
hint-programs = 这个端口常用于 { $programs }：只是惯例，并非查证结果。
hint-registered = 在 IANA 登记为“{ $name }”（{ $description }）。
end-program = 结束程序
end-program-dots = 结束程序…
show-connections = 显示它的连接
open-folder = 打开文件夹

# 详情
panel-empty = 这一行已经消失。请选择另一行，查看它的程序和连接。
panel-process = 程序
panel-connection = 连接
panel-siblings = { $sockets ->
   *[other] 此程序的另外 { $sockets } 个套接字
}
fact-program = 程序
fact-pid = 进程号
fact-path = 文件
fact-command-line = 命令行
fact-started = 启动时间
fact-folder = 工作目录
fact-parents = 启动者
fact-services = 服务
fact-description = 自称
fact-company = 自称出自
service-name = { $display }（{ $name }）
runs-services = 运行着 { $services }
fact-local = 本地
fact-remote = 远程
fact-open-for = 已打开
fact-queues = 等待中
fact-received = 已接收
fact-sent = 已发送
fact-round-trip = 往返时间
fact-retransmitted = 重传报文段
fact-other-end = 对端
queues-listener = { $waiting } 个连接等待接受，最多 { $most } 个
queues-connection = { $received } 字节待读取，{ $sent } 字节待确认

# 结束程序
end-title = 结束 { $program }？
end-title-plain = 结束程序？
end-planning = 正在查看会影响什么…
end-port = { $protocol } 端口 { $port } 将被释放
end-port-shared = { $protocol } 端口 { $port } 仍会保持打开：其他程序也占用它
end-connections = { $connections ->
   *[other] { $connections } 个连接将中断
}
end-children = { $children ->
   *[other] 同时结束由它启动的 { $children } 个程序
}
end-how = 会先请它自行结束，给它 5 秒时间。未保存的内容可能丢失。
end-waiting = 已请它结束，再等 { $seconds } 秒…
end-forcing = 正在强制结束…
end-progress = 留给程序的时间
end-still-running = 已请它结束，但它仍在运行。可以强制结束，那样它没有机会保存任何内容。
end-cannot-be-asked = 无法请它自行结束：它没有可以关闭的窗口。没有进行任何操作。可以强制结束，那样它没有机会保存任何内容。
end-elevating = 系统会询问是否允许以管理员身份执行…
end-stuck = 已强制结束，但它仍然存在：它正被系统占住，多半在等待磁盘或网络。
end-ended = { $program } 已结束。
end-children-running = 仍在运行：PID { $pids }。
end-force = 强制结束
end-elevate = 以管理员身份结束…
end-leave = 让它继续运行
fate-released = 端口 { $port } 已释放。
fate-held = 端口 { $port } 现在被 { $holders } 占用。
fate-held-unknown = 端口 { $port } 仍被占用，但您看不到是哪个程序。
fate-respawned = 端口 { $port } 又被 { $holders } 占用：有什么重新启动了这个程序。
fate-time-wait = 端口 { $port } 已没有程序监听。已关闭的连接会暂时保留；大多数程序可以立即在此监听。
fate-time-wait-until = 端口 { $port } 已没有程序监听。已关闭的连接最迟保留到 { $time }；大多数程序可以立即在此监听。

# 设置：每项设置用一句话说明作用
settings-search = 查找设置
settings-search-clear = 显示全部设置
settings-nothing-matches = 没有与“{ $typed }”匹配的设置。
section-appearance = 语言和外观
section-refresh = 刷新
section-columns = 列
section-notifications = 通知
section-history = 历史记录
section-start = 启动和托盘
section-privacy = 隐私
section-file = 设置文件
setting-language = 语言
effect-language = 窗口、托盘和通知使用这种语言，立即生效。
setting-theme = 浅色或深色
effect-theme = 窗口以浅色或深色显示。
setting-interval = 查看间隔
effect-interval = 每隔这段时间重新读取全部套接字；新的监听总会更早显示。间隔越长，占用的处理器越少。
setting-seconds = { $seconds } 秒
setting-as-system = 跟随系统
setting-columns = 显示的列
effect-columns = 表格中显示勾选的列。在表格里拖动列标题，可以移动列或调整列宽。
setting-notify = 通知新的监听
effect-notify = 有程序开始监听端口时显示通知。关闭后，新的监听只计数并列出。
setting-udp = 也通知 UDP
effect-udp = 新的 UDP 套接字也会通知。程序整天都在打开和关闭大量这样的套接字。
setting-quiet = 免打扰时段
effect-quiet = 每天这段时间不显示通知；期间出现的监听会在结束时合并成一条通知。
quiet-daily = 每天
quiet-from = 从
quiet-until = 到
quiet-wrong = 请输入一天中的时间，例如 22:00。
quiet-empty = 开始和结束时间不能相同。
setting-rules = 规则
effect-rules = 由第一条符合新监听的规则决定。没有规则符合时，凡是未见过的都会通知。
rules-none = 没有规则。
rule-add = 添加规则
rule-draft = 填写程序、端口、访问范围或协议之后，规则才会保存。
rule-number = 规则 { $number }
rule-up = 上移规则 { $number }
rule-down = 下移规则 { $number }
rule-remove = 删除规则 { $number }
rule-tell = 处理方式
rule-tell-always = 始终通知
rule-tell-never = 从不通知
rule-program = 程序
rule-program-any = 任意程序
rule-program-named = “{ $program }”
rule-program-hint = 名称或路径
rule-ports = 端口
rule-ports-any = 任意端口
rule-ports-wrong = 请输入一个端口，例如 8000；或一个范围，小的写在前面，例如 8000-9000。
rule-reach = 访问范围
rule-reach-any = 不限
rule-reach-this_computer = 本机或更远
rule-reach-local_network = 本地网络或更远
rule-reach-everywhere = 所有网络
rule-protocol = 协议
rule-protocol-any = TCP 或 UDP
# 用一句话表达规则：$parts 由下面各部分依次组成。
rule-always = 始终通知{ $program }的监听{ $parts }，即使以前见过。
rule-never = 从不通知{ $program }的监听{ $parts }。
rule-part-port = ，端口 { $first }
rule-part-ports = ，端口 { $first }–{ $last }
rule-part-tcp = ，仅 TCP
rule-part-udp = ，仅 UDP
rule-part-this_computer = ，可从本机或更远处访问
rule-part-local_network = ，可从本地网络或更远处访问
rule-part-everywhere = ，可从所有网络访问
setting-keep = 保留历史记录
effect-keep = 把打开、关闭和结束过的内容记在本机，方便以后回看。关闭后不再写入；已有的记录会保留，直到您删除。
setting-days = 保留天数
effect-days = 比这更早的记录会被清除。
setting-megabytes = 最多占用兆字节数
effect-megabytes = 历史记录占用的磁盘空间不会超过此值；最早的记录先清除。
setting-forget = 删除
effect-forget = 从本机删除记下的全部内容，包括另存的旧文件。此操作无法撤销。
number-wrong = 请输入 { $least } 到 { $most } 之间的整数。
setting-close_to_tray = 关闭后留在托盘
effect-close_to_tray = 有托盘时，关闭窗口后 Quaymaster 继续在托盘中运行。关闭此项后，关闭窗口就会结束程序。
setting-minimise_without_tray = 没有托盘时，关闭改为最小化
effect-minimise_without_tray = 桌面没有托盘时，关闭窗口会把它最小化，Quaymaster 继续通知新的监听。关闭此项后，关闭窗口就会结束程序。
setting-start_with_system = 随系统启动
effect-start_with_system = 登录时启动 Quaymaster，不显示窗口。
setting-networks = 组织与国家/地区
effect-networks = 来自本机上的资料文件，是该日期的估计。
networks-own = 在此处放入更新的文件，重新启动后即改用它：
networks-as-of = 资料日期：{ $date }。
port-remotes = 它的进程在互联网上与 { $remotes } 通信。
setting-lookups = 联网查询
effect-lookups = Quaymaster 不在网络上查询任何内容，也不发送任何内容。显示的一切都只来自本机。
setting-file = 文件位置
effect-file = 从第一次更改起，以上设置都保存在这个 TOML 文件中。您也可以直接编辑它；Quaymaster 启动时读取。
setting-file-copy = 复制路径
setting-reset = 默认设置
reset-all = 恢复默认设置
effect-reset = 本页的全部设置，以及列和行的顺序，都恢复为刚安装时的样子。此操作可以撤销。
notice-reset = 全部设置已恢复为默认值。
undo = 撤销
theme-light = 浅色
theme-dark = 深色
settings-corrupt = 无法识别您的设置，已改用默认设置。旧文件保存为 { $path }。
settings-corrupt-line = 从第 { $line } 行起无法识别您的设置，已改用默认设置。旧文件保存为 { $path }。
settings-unreadable = 无法读取您的设置（{ $detail }），已改用默认设置。更改不会被保存，旧文件也不会被覆盖。
settings-wrong = { $number ->
   *[other] 设置文件中有 { $number } 个值有误：已改用默认值。在您更改相应设置之前，文件中的这些行保持不变。
}
# 应为什么，见下面各条。
settings-wrong-line = 第 { $line } 行，{ $key }：{ $found }。{ $expected }
expected-yes_or_no = 应为 true 或 false。
expected-number = 应为 { $least } 到 { $most } 之间的整数。
expected-one_of = 应为下列之一：{ $words }。
expected-text = 应为引号中的文本。
expected-time = 应为一天中的时间，例如 "22:00"。
expected-hours = 应为 from 和 until 两个时间。
expected-ports = 应为端口或范围，例如 "8000-9000"。
expected-section = 应为一个包含若干值的小节。
expected-list = 应为列表。
expected-once = 每个列只能出现一次。
expected-one_shown = 至少要显示一列。

# 快捷键
help-title = 快捷键
help-filter = 搜索框还支持这样的写法：
help-history = 在历史记录里还可以写时间：
key-search = 转到搜索框
key-escape = 清除搜索，关闭菜单或对话框
key-move = 在各行之间移动
key-select = 选择多行
key-details = 显示一行的详情
key-end = 结束此行的程序…
key-copy-rows = 复制选中的行
key-copy-cell = 复制单元格
key-menu = 打开此行的菜单
key-fold = 在单元格之间移动；收起或展开程序
key-resize = 调整列宽（焦点在列标题上时）
key-move-column = 移动列（焦点在列标题上时）
key-views = 切换视图
key-look = 立即查看
key-pause = 暂停或继续

# 第一次关闭窗口：有托盘时，以及没有托盘时。
closing-title = Quaymaster 会留在托盘中
closing-text = 关闭窗口后，Quaymaster 继续运行：托盘图标显示哪些端口正在监听，有新的监听时还能通知您。点击图标可重新打开窗口，从它的菜单可以退出程序。
closing-hint = 关闭窗口时怎样做，随时可以在设置中更改。此后不再询问。
closing-back = 返回
closing-quit = 直接退出
closing-stay = 留在托盘中
closing-trayless-title = 关闭窗口会退出 Quaymaster
closing-trayless-text = 这个桌面没有托盘，Quaymaster 无处可留。关闭窗口后它会退出，不再通知您；最小化则会继续运行，有新的监听时照样通知您。
closing-minimise = 改为最小化
closing-end = 退出

# What has begun to listen since the person last looked, above the listening ports.
news-title = { $count } 个新的监听端口
news-line = { $program } · 端口 { $port } · 可访问范围：{ $reach }
news-line-back = { $program } · 端口 { $port } · 可访问范围：{ $reach } · 一个月后重新出现
news-program-unseen = 无法查看的程序
news-show = 显示
news-expect = 意料之中
news-expect-effect = 以后不再就此提醒
news-expect-all = 全部意料之中
news-dismiss = 知道了
news-more = 另有 { $count } 个，见下方列表
# 已知监听列表出了什么问题：发生了什么、为什么、该怎么办。
watch-trouble-aside = 已知监听列表已损坏，或由更新版本的 Quaymaster 写入，因此现在正在监听的一律视为已知。旧列表保存为 { $kept_as }。
watch-trouble-unreadable = 无法读取已知监听列表（{ $detail }），因此现在正在监听的一律视为已知，您标为意料之中的内容在 Quaymaster 退出后不会保留。请检查您是否有权读取 { $path }，然后重新启动 Quaymaster。
watch-trouble-unwritten = 无法写入已知监听列表（{ $detail }），您标为意料之中的内容只在 Quaymaster 退出前有效。请检查磁盘是否已满、您是否有权写入 { $path }；Quaymaster 会自动重试。

# 历史记录：没人看着的时候发生了什么。
history-search-label = 端口、程序、地址或筛选条件，也可以加上时间
history-search-placeholder = 输入端口、程序、地址或时间，例如 8080 since:2h
history-keys-too = 在这里还可以用 since、until 和 on。
history-list = 发生过的事，最新的在前
history-times-label = 时间
history-time-hour = 最近一小时
history-time-today = 今天
history-time-week = 最近 7 天
history-time-all = 全部
history-events = { $number ->
   *[other] { $events } 条记录
}
history-more-than = 超过 { $events } 条记录
history-fresh = 显示新记录
history-searching = 正在查找更早的记录…
history-stop = 停止
history-stopped = 没有继续查找更早的记录。
history-resume = 继续查找
history-today = 今天，{ $date }
history-yesterday = 昨天，{ $date }
history-column-when = 时间
history-column-who = 程序和进程号
history-column-what = 做了什么
history-column-span = 持续
history-column-received = 已接收
history-column-sent = 已发送
history-program-unknown = 未知程序
# 记录的内容；前面是程序名。
history-listens = 正在 { $place } 监听（{ $protocol }）
history-listened = 曾在 { $place } 监听（{ $protocol }）
history-connected = 连接到 { $remote }（{ $protocol }）
history-called = { $remote } 连到它的端口 { $port }（{ $protocol }）
history-times = ，共 { $times } 次
history-deed-ended = 您请它结束
history-deed-forced = 您强制结束了它
history-deed-expected = 您表示它在意料之中
history-at-port = ，端口 { $port }
history-moment = 不到 1 秒
history-still = { $span }，仍然打开
history-cut = { $span }，未看到结束
history-already-open = Quaymaster 启动前已打开
history-already-open-why = Quaymaster 开始查看时它已经打开：它比这里最早的时间更早。
history-cut-why = 没有看到它的结束，因为 Quaymaster 自己已经退出。它在那一刻还在，之后可能还持续了一段时间。
history-began = 开始
history-ended = 结束
history-first-seen = 首次看到
history-last-seen = 最后看到
history-only-program = 只看此程序
history-only-port = 只看端口 { $port }
# 哪些程序用过某个端口。
history-port-users = 最近 { $days } 天谁用过端口 { $port }
history-port-nobody = 记录中没有任何程序。
history-user-listened = { $number ->
   *[other] 监听 { $times } 次
}
history-user-incoming = { $number ->
   *[other] 连入 { $times } 次
}
history-user-outgoing = { $number ->
   *[other] 连出 { $times } 次
}
history-user-seen = { $first } 至 { $last }
history-user-still = 从 { $first } 至今
# 图表。
history-listeners = 新的监听
history-connections = 连接
history-chart-label = { $span }：新的监听 { $listeners } 个，连接 { $connections } 个
history-stretch = { $span }：新的监听 { $listeners } 个，连接 { $connections } 个
history-uncounted = 斜线部分没有统计：耗时太长。
# 没有内容可显示，以及原因。
history-nothing-yet = 还没有发生任何事。从现在起，打开、关闭和结束过的内容都会出现在这里。
history-nothing-fits = 没有与输入内容相符的记录。
history-any-time = 不限时间再找
history-off = 历史记录已关闭：没有保留任何记录。
history-off-now = 历史记录已关闭：现在发生的事不会被记下。
history-to-settings = 转到相关设置
# 历史记录出了什么问题：发生了什么、为什么、该怎么办。
history-trouble-disk_full = 磁盘已满，现在发生的事暂时无法写入历史记录。请腾出空间，Quaymaster 会自动重试。
history-trouble-unwritable = 无法写入历史记录：系统不允许创建或更改它的文件夹或文件（{ $detail }）。请检查您在那里是否有写入权限，Quaymaster 会自动重试。
history-trouble-in_use = 您的另一个 Quaymaster 正在写入这份历史记录，因此这一个不会写入。请退出其中一个，之后这一个会自动继续。
history-trouble-failed = 写入历史记录失败（{ $detail }）。Quaymaster 会自动重试；如果问题一直存在，请在设置中删除历史记录。
history-trouble-broken = 历史记录文件已损坏，因此重新开始了一份。旧文件保存为 { $kept_as }；删除历史记录时也会一并删除。
history-trouble-newer = 历史记录由更新版本的 Quaymaster 写入，当前版本无法读取，因此重新开始了一份。旧文件保存为 { $kept_as }，可以交还给更新的版本使用。
history-trouble-removed = Quaymaster 运行期间，历史记录文件被移走或删除，因此重新开始了一份。除非移走它的人还留着，否则里面的内容已经丢失。
history-lost = { $number ->
   *[other] 有 { $events } 条记录没有保留：等待写入的内容太多。
}
# 删除。
history-delete = 删除历史记录
history-delete-dots = 删除历史记录…
history-delete-title = 删除全部历史记录？
history-delete-text = Quaymaster 记下的一切都会被删除：谁在什么时候监听过、与谁建立过连接，以及您结束过哪些程序。以前因损坏或版本不符而另存的历史记录文件也会一并删除。
history-delete-hint = 此操作无法撤销。设置和已知的监听不受影响。如果历史记录处于开启状态，会从现在起重新记录。
notice-history-deleted = 历史记录已删除。
