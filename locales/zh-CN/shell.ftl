# 页面之外的外壳所说的话：系统对话框的标题。

export-dialog-title = 保存所显示的内容
