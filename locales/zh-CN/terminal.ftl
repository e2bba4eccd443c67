# 终端程序 quay 的词句。以代码结尾的键，与 crates/engine/src/wire 中的代码一致。

# 帮助。
quay-about-quay = 谁占用了端口，该怎么办。
quay-about-list = 以表格列出本机的套接字
quay-about-end = 结束程序：按 PID，或按它占用的端口
quay-about-watch = 从现在起发生的事：谁开始监听，谁建立连接
quay-about-lookup = 地址属于哪个组织（只查本机的资料文件，不联网）
quay-about-history = 已经发生的事（由 Quaymaster 窗口程序记录）
quay-heading-usage = 用法：
quay-heading-commands = 命令：
quay-heading-arguments = 参数：
quay-heading-options = 选项：
quay-usage-quay =
    quay                  显示一次表格
    quay 端口             谁占用了这个端口
    quay list [筛选]      显示筛选后的表格
    quay end PID|:端口    结束程序
    quay watch            从现在起发生的事
    quay lookup 地址      这个地址属于谁
    quay history          已经发生的事
quay-usage-list = quay list [选项] [筛选]...
quay-usage-end = quay end [选项] PID|:端口
quay-usage-watch = quay watch [选项] [筛选]...
quay-usage-lookup = quay lookup [选项] 地址...
quay-usage-history = quay history [选项] [筛选]...
quay-value-limit = 条数
quay-value-address = 地址
quay-value-port = 端口
quay-value-filter = 筛选
quay-value-filter-past = 筛选
quay-value-target = PID|:端口
quay-value-sort = 列
quay-value-interval = 秒
quay-value-lang = 语言
quay-value-color = 何时
quay-help-port = 要查询的端口，例如 7897 或 :7897
quay-help-address = 地址，例如 223.5.5.5 或 2400:3200::1
quay-help-filter = 要显示什么，例如 7897、chrome、state:listen、port:80-443、remote:10.0.0.0/8；! 表示排除，| 表示任选
quay-help-filter-past = 要显示什么，例如 8080、chrome、state:listen，以及时间：since:2h、until:2026-11-20、on:yesterday；! 表示排除，| 表示任选
quay-help-sort = 按 program、pid、proto、local、port、remote、rport、state、user、path、org、country 或 peer 排序 [默认：port]
quay-help-desc = 从大到小
quay-help-watch = 反复查看，直到按下 Ctrl-C
quay-help-interval = 两次查看相隔的秒数，0.5 到 10 [默认：1]
quay-help-limit = 最多显示多少条最新记录；0 表示全部 [默认：200]
quay-help-target = 程序的 PID，或冒号加它占用的端口，例如 :7897
quay-help-force = 强制结束而不是请它结束：它来不及保存任何内容
quay-help-yes = 不再询问
quay-help-children = 它启动的程序也一起结束
quay-help-elevate = 系统拒绝时，向系统请求管理员权限（Windows）
quay-help-json = 输出 JSON（时间为 Unix 毫秒）
quay-help-lang = en 或 zh-CN [默认：QUAYMASTER_LANGUAGE，未设置时用系统语言]
quay-help-color = auto、always 或 never [默认：auto，即在终端上且未设置 NO_COLOR 时]
quay-help-help = 显示本帮助
quay-help-version = 显示版本
quay-help-exit-codes = 退出码：0 完成或端口在使用中；1 端口空闲或没有匹配项；2 用法错误；3 被拒绝或失败。

# 用法错误。
quay-usage-hint = “{ $command } --help”会说明可以怎样写。
quay-usage-not-a-port = “{ $value }”既不是端口也不是命令。端口是 0 到 65535 之间的数字。要搜索它：quay list { $value }
quay-usage-not-an-address = “{ $value }”不是地址。请写成 223.5.5.5 或 2400:3200::1 这样。
quay-usage-not-a-target = “{ $value }”既不是 PID 也不是端口。请写 PID，例如 4711；或写冒号加端口，例如 :7897。
quay-usage-port-and-command = 端口和命令不能同时写。
quay-usage-unknown = 看不懂“{ $argument }”。
quay-usage-wrong-value = “{ $value }”不适用于 { $argument }。
quay-usage-missing = 缺少内容：{ $argument }
quay-usage-twice = { $argument } 只能写一次。
quay-usage-needs-watch = --interval 要和 --watch 一起用。
quay-usage-other = 看不懂这种写法。
quay-usage-cannot-ask = 这里无法询问。加上 --yes 即可不经询问直接结束。
quay-usage-filter = 筛选条件的这里不对：

# 表格。
quay-column-program = 程序
quay-column-pid = 进程号
quay-column-protocol = 协议
quay-column-local = 本地
quay-column-remote = 远程
quay-column-state = 状态
quay-column-user = 用户
quay-list-empty = 没有打开的套接字。
quay-list-no-match = 没有匹配项。
quay-list-all =
    { $total ->
       *[other] { $total } 个套接字
    }
quay-list-some = { $total } 个套接字中的 { $matched } 个
quay-list-more =
    { $count ->
       *[other] ……还有 { $count } 行放不下
    }
quay-list-watching = { $time } · 每 { $seconds } 秒 · 按 Ctrl-C 结束
quay-hidden-other_user =
    { $count ->
       *[other] { $count } 个套接字属于其他用户，只有管理员能看到是哪个程序。
    }
quay-hidden-protected =
    { $count ->
       *[other] { $count } 个套接字属于您的程序，但系统不允许查看是哪一个。
    }
quay-hidden-no_holder =
    { $count ->
       *[other] { $count } 个套接字找不到占用它的程序：由系统自身保持，或在容器里。
    }
quay-hidden-pending =
    { $count ->
       *[other] { $count } 个套接字刚刚打开，还不知道是哪个程序。
    }
quay-hidden-not_reported =
    { $count ->
       *[other] 系统的列表没有写明 { $count } 个套接字属于哪个程序。
    }

# 正在发生的事。
quay-watch-begins = 正在观察。按 Ctrl-C 结束。
quay-watch-listener_opened = { $program }开始监听 { $local }（{ $protocol }）
quay-watch-listener_closed = { $program }不再监听 { $local }（{ $protocol }）
quay-watch-connection_opened-incoming = { $remote } 连入{ $program }的 { $local }（{ $protocol }）
quay-watch-connection_opened-outgoing = { $program }连接到 { $remote }（{ $protocol }）
quay-watch-connection_closed-incoming = { $program }：来自 { $remote }、连入 { $local } 的连接（{ $protocol }）已结束
quay-watch-connection_closed-outgoing = { $program }：到 { $remote } 的连接（{ $protocol }）已结束

# 已经发生的事。
quay-history-empty = 没有任何记录。Quaymaster 窗口程序运行时（在托盘中也算）会记录历史，除非在设置中关闭。
quay-history-no-match = 没有符合条件的记录。
quay-history-more = 以上是最新的 { $count } 条，还有更多。--limit 0 显示全部。
quay-history-listener = { $program }监听过 { $local }（{ $protocol }）
quay-history-incoming = { $remote } 连入过{ $program }的 { $local }（{ $protocol }）
quay-history-outgoing = { $program }连接过 { $remote }（{ $protocol }）
quay-history-times = { $times } 个连接
quay-history-bytes = 接收 { $received } 字节，发送 { $sent } 字节
quay-history-ended = 您结束了{ $program }
quay-history-ended-port = 您结束了{ $program }，当时它占用端口 { $port }
quay-history-forced = 您强制结束了{ $program }
quay-history-forced-port = 您强制结束了{ $program }，当时它占用端口 { $port }
quay-history-expected = 您表示{ $program }在意料之中
quay-history-expected-port = 您表示{ $program }监听端口 { $port } 在意料之中
quay-history-already-open = 记录开始前就已存在
quay-history-open = 仍然打开
quay-history-cut = { $time } 时还在；没有看到它何时结束
quay-history-for = 持续 { $span }

# 端口的答案。
quay-program-named = { $program }（PID { $pid }）
quay-program-pids = { $program }（PID { $pids }）
quay-program-unknown = 未知程序
quay-answer-held = 端口 { $port } 被 { $program }占用。
quay-answer-held-unknown = 端口 { $port } 在使用中，但不知道是哪个程序。
quay-answer-held-several = 端口 { $port } 被 { $count } 个程序占用：
quay-answer-client = 没有程序监听端口 { $port }。它是 { $program }的一个连接的本地端。
quay-answer-client-several = 没有程序监听端口 { $port }。它是 { $count } 个程序的连接的本地端：
quay-answer-lingering = 没有程序监听端口 { $port }。已关闭的连接还会在那里停留一会儿。
quay-answer-free = 端口 { $port } 空闲。
quay-answer-set-aside = 没有程序占用端口 { $port }，但它在本机已被预留。
quay-answer-open-at = 打开于
quay-answer-from = 可访问范围
quay-answer-program = 程序文件
quay-answer-user = 用户
quay-answer-services = 服务
quay-answer-description = 自称
quay-answer-kernel = 说明
quay-answer-started = 启动于
quay-answer-started-at = { $time }，{ $ago }前
quay-answer-remotes = 与之通信
quay-answer-protected = 不会结束它
quay-answer-why = 原因
quay-answer-clients = 与它相连
quay-answer-users = 还用它作连接的本地端的程序
quay-connections =
    { $count ->
       *[other] { $count } 个连接
    }
quay-answer-client-remote = { $connections }，来自 { $address }
quay-answer-client-local = { $program }：{ $connections }，来自 { $address }
quay-answer-lingers =
    { $count ->
       *[other] 有 { $count } 个已关闭的连接停留在这个端口。
    }
quay-answer-lingers-until =
    { $count ->
       *[other] 有 { $count } 个已关闭的连接停留在这个端口，最后一个到 { $time } 为止。
    }
quay-answer-outgoing =
    { $count ->
       *[other] 本机有 { $count } 个连接通往其他电脑的端口 { $port }。
    }
quay-answer-hint = 常用于 { $programs }。这只是惯例，并不说明本机的情况。
quay-answer-hint-separator = 、
quay-answer-hint-registered = { $service }（{ $description }）

# 时间长度。
quay-span-seconds = { $seconds } 秒
quay-span-minutes = { $minutes } 分钟
quay-span-hours = { $hours } 小时 { $minutes } 分钟
quay-span-days = { $days } 天 { $hours } 小时

# 结束程序。
quay-end-no-such-pid = 没有看到 PID 为 { $pid } 的程序占用套接字。要结束占用端口 { $pid } 的程序，请写 quay end :{ $pid }
quay-end-no-such-large-pid = 没有看到 PID 为 { $pid } 的程序占用套接字。
quay-end-port-free = 端口 { $port } 空闲：没有可结束的程序。
quay-end-port-not-held = 没有程序监听端口 { $port }，所以没有可结束的程序。
quay-end-port-unknown = 端口 { $port } 在使用中，但不知道是哪个程序，所以无法结束。
quay-end-several = 端口 { $port } 被多个程序占用。请用 PID 指明其中一个：quay end PID
quay-end-plan = 将要结束 { $program }。
quay-end-plan-force = 将要强制结束 { $program }。它来不及保存任何内容。
quay-end-ports = 端口
quay-end-port-shared = { $port }（共用：会保持打开）
quay-end-connections = 连接
quay-end-children = 它启动的程序
quay-end-children-stay = 不会动它们。加上 --children 可一起结束。
quay-end-child-spared = { $program }：不会动它。{ $why }
quay-end-ask = 结束它吗？[y/N]{ " " }
quay-end-ask-elevated = 系统不允许您结束它。要请求管理员权限吗？[y/N]{ " " }
quay-end-elevating = 正在向系统请求管理员权限……
quay-end-answers-yes = y yes 是 好 是的
quay-end-nothing-done = 没有结束任何程序。
quay-end-waiting = 已请它结束，还有 { $seconds } 秒……
quay-end-done = { $program }已结束。
quay-end-still-running = 已请 { $program }结束，{ $seconds } 秒后它仍在运行，可能正在保存内容。要强制结束：
quay-end-still-running-forced = 已强制结束 { $program }，但它仍在运行：它卡在系统内部了。
quay-end-cannot-be-asked = 无法请 { $program }结束：它没有可以关闭的窗口，也没有自己的控制台。没有进行任何操作。要强制结束：
quay-end-child-running = 它启动的 { $program }仍在运行。要强制结束：
quay-fate-released = 端口 { $port } 已释放。
quay-fate-held = 端口 { $port } 现在被 { $program }占用。
quay-fate-held-unknown = 端口 { $port } 在使用中，但不知道是哪个程序。
quay-fate-respawned = 端口 { $port } 又被 { $program }占用：同一个程序被重新启动了。
quay-fate-time_wait = 端口 { $port } 已释放。已关闭的连接还会停留一会儿；新程序仍可监听。
quay-fate-time_wait-until = 端口 { $port } 已释放。已关闭的连接会停留到 { $time }；新程序仍可监听。

# quay 自身出错。
quay-failed = quay 没能完成工作：{ $why }
quay-failed-detail = 系统的说明：{ $detail }
