export const words = {
  title: { zh: "办理", en: "Act" },
  wrongPath: {
    zh: "地址与这一操作不符，请从待办、农户或案件页面重新进入。",
    en: "The address does not belong to this act. Start again from the inbox, a household or a case.",
  },
  others: {
    zh: "以您的岗位不能办理这一事项，请由可以办理的岗位进入。",
    en: "Your post may not do this: it is done by a post that may.",
  },
  inbox: { zh: "回到待办", en: "To the inbox" },
  files: {
    zh: "这一操作提交的是文件，请在“导入”页面办理。",
    en: "This act sends a file: use the import page.",
  },
  batches: {
    zh: "这一操作一次办理多个案件，请在“批量审批”页面选择。",
    en: "This act takes a step in many cases: choose them on the review page.",
  },
  review: { zh: "批量审批", en: "Review" },
  withForms: {
    zh: "材料在办理各项业务的表单里上传，不单独提交。",
    en: "Papers are uploaded within the forms of the acts that they belong to.",
  },
  personal: {
    zh: "查看或查找个人信息，请在“农户”页面或农户档案中办理。",
    en: "Personal data is read and searched for on the page of households, or on a household's own.",
  },
  households: { zh: "农户", en: "Households" },
  import: { zh: "导入", en: "Import" },
  case: { zh: "查看案件", en: "See the case" },
  record: { zh: "查看所登记的内容", en: "See what was recorded" },
  household: { zh: "查看农户", en: "See the household" },
  another: { zh: "再办理一件", en: "Do another" },
  next: { zh: "接下来", en: "Next" },
  sendingFile: { zh: "正在上传 {percent}%", en: "Uploading, {percent}%" },
  chooseFile: { zh: "选择要提交的文件", en: "Choose the file to send" },
  sendFile: { zh: "提交文件", en: "Send the file" },
} as const;
