// English words that several pages share.
export const common = {
  'common.loading': 'Loading',
  'common.retry': 'Try again',
  'common.close': 'Close',
  'common.keep': 'Keep as it is',
  'common.more': 'Show more',
  'common.copy': 'Copy',
  'common.copied': 'Copied',
  'common.unknown': 'Not known yet',
  'common.optional': '(optional)',
  'common.working': 'Working',
  'common.zone': 'Times in {zone}',
  'common.amountIn': 'Amount {currency}',
  'common.all': 'All',

  'error.title': 'This part could not be loaded',
  'error.actionTitle': 'This was not done',
  'error.safe': 'Nothing was changed or charged.',
  'error.unknownOutcome':
    'We do not know yet whether this took effect. Please do not repeat it; reload to see.',
  'error.network': 'The server did not answer. Check your connection, then try again.',
  'error.requestId': 'Request ID',
  'error.locked': 'Ask an admin of this team',
  'error.lockedBody': 'Your role does not include this page. Admins of this team can open it.',
  'error.signedOut': 'Your session has ended. Sign in again.',

  'cycle.monthly': 'Monthly',
  'cycle.yearly': 'Yearly',
  'cycle.perMonth': 'per month',
  'cycle.perYear': 'per year',

  'metric.messages': 'Messages',
  'metric.seats': 'Seats',
  'metric.storage_gb': 'Storage (GB)',
  'metric.api_calls': 'API calls',

  'feature.community_support': 'Community support',
  'feature.email_support': 'E-mail support',
  'feature.priority_support': 'Priority support',
  'feature.audit_log': 'Audit log',
  'feature.single_sign_on': 'Single sign-on',
  'feature.dedicated_manager': 'Dedicated manager',

  'language.en': 'English',
  'language.zh-CN': '简体中文',
  'common.confirmBank': 'Confirm with your bank',
  'common.export': { one: 'Export {count} row', other: 'Export {count} rows' },
} as const
