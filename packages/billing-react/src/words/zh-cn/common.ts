// Chinese words that several pages share.
import type { common as en } from '../en/common.ts'

export const common: Readonly<Record<keyof typeof en, string>> = {
  'common.loading': '加载中',
  'common.retry': '重试',
  'common.close': '关闭',
  'common.keep': '保持不变',
  'common.more': '显示更多',
  'common.copy': '复制',
  'common.copied': '已复制',
  'common.unknown': '尚未确定',
  'common.optional': '（选填）',
  'common.working': '处理中',
  'common.zone': '时区：{zone}',
  'common.amountIn': '金额 {currency}',
  'common.all': '全部',

  'error.title': '此部分未能加载',
  'error.actionTitle': '操作未完成',
  'error.safe': '没有任何更改，也未产生费用。',
  'error.unknownOutcome': '尚不确定操作是否生效。请勿重复操作，刷新页面可查看最新状态。',
  'error.network': '服务器没有响应。请检查网络连接后重试。',
  'error.requestId': '请求编号',
  'error.locked': '请联系本团队的管理员',
  'error.lockedBody': '您的角色无法查看此页面，本团队的管理员可以查看。',
  'error.signedOut': '登录已失效，请重新登录。',

  'cycle.monthly': '月付',
  'cycle.yearly': '年付',
  'cycle.perMonth': '每月',
  'cycle.perYear': '每年',

  'metric.messages': '消息数',
  'metric.seats': '席位',
  'metric.storage_gb': '存储空间 (GB)',
  'metric.api_calls': 'API 调用次数',

  'feature.community_support': '社区支持',
  'feature.email_support': '邮件支持',
  'feature.priority_support': '优先支持',
  'feature.audit_log': '审计日志',
  'feature.single_sign_on': '单点登录',
  'feature.dedicated_manager': '专属客户经理',

  'language.en': 'English',
  'language.zh-CN': '简体中文',
  'common.confirmBank': '前往银行确认',
  'common.export': '导出 {count} 行',
}
