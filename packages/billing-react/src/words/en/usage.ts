// English words of usage.
export const usage = {
  'usage.title': 'Usage',
  'usage.used': '{used} of {included}',
  'usage.usedUnlimited': '{used}, unlimited',
  'usage.overage': '{overage} above the quota',
  'usage.cost': '{amount} so far',
  'usage.period': 'Billing period {period}',
  'usage.empty': 'No usage yet this period. It appears here within a minute of the first event.',
  'usage.none': 'Your plan measures nothing, so there is no usage to show.',
} as const
