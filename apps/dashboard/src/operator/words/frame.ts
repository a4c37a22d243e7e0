// Words of the frame of the console: its navigation, and what all lists share.
const en = {
  'rail.label': 'Operator console',
  'rail.today': 'Today',
  'rail.customers': 'Customers',
  'rail.money': 'Money',
  'home.title': 'Home',

  'list.all': 'All',
  'list.more': 'Show more',
  'list.shown': { one: '{count} row', other: '{count} rows' },
  'list.shownOfMore': {
    one: '{count} row, there are more; order and export are of what is shown',
    other: '{count} rows, there are more; order and export are of what is shown',
  },
  'list.export': { one: 'Export {count} row as CSV', other: 'Export {count} rows as CSV' },
  'list.from': 'From',
  'list.to': 'To',
  'list.status': 'Status',
  'list.filters': 'Filters',
  'list.none': 'Nothing matches these filters',
  'list.noneHint': 'Take a filter away to see more.',
} as const

export const frameWords = {
  en,
  'zh-CN': {
    'rail.label': '运营台',
    'rail.today': '工作台',
    'rail.customers': '客户',
    'rail.money': '账务',
    'home.title': '首页',

    'list.all': '全部',
    'list.more': '显示更多',
    'list.shown': '共 {count} 行',
    'list.shownOfMore': '已显示 {count} 行，还有更多；排序和导出仅针对已显示的行',
    'list.export': '将 {count} 行导出为 CSV',
    'list.from': '开始日期',
    'list.to': '结束日期',
    'list.status': '状态',
    'list.filters': '筛选',
    'list.none': '没有符合筛选条件的记录',
    'list.noneHint': '去掉一个筛选条件即可看到更多。',
  } satisfies Record<keyof typeof en, string>,
} as const
