// The refusals a caller can meet, each with its HTTP status and its message in both languages. The order
// in which they are checked: size, token, role, tenant, body, existence, state.

import { entry, type RefusalEntry } from './refusal-entry.ts'

export const refusals = {
  invalid_request: entry(
    400,
    'The request does not have the expected form. The errors name each field.',
    '请求格式不正确，errors 中列出了每个字段的问题。',
  ),
  invalid_amount: entry(
    400,
    'The amount {amount} is not valid in {currency}: give a plain decimal with at most {decimals} decimals and 12 digits.',
    '金额 {amount} 不是有效的 {currency} 金额：请使用普通小数，最多 {decimals} 位小数、12 位数字。',
  ),
  account_number_refused: entry(
    400,
    'A field holds what looks like a {kind}. It was neither stored nor logged: collect such numbers with the processor’s form and send the id of the method.',
    '某个字段疑似包含{kind}，内容未被存储或记录。请通过支付处理方的表单收集此类号码，并发送支付方式的 ID。',
  ),
  amount_too_small: entry(
    400,
    'The amount is below {minimum} {currency}, the least that can be charged.',
    '金额低于可扣款的最低限额 {minimum} {currency}。',
  ),
  amount_too_large: entry(
    400,
    'The amount is above {maximum} {currency}, the most that can be charged at once.',
    '金额高于单次可扣款的上限 {maximum} {currency}。',
  ),
  currency_mismatch: entry(
    400,
    'The amount is in {currency}, but {expected} is expected here.',
    '金额币种为 {currency}，此处应为 {expected}。',
  ),
  unknown_plan: entry(
    400,
    'There is no plan "{plan}". GET /plans lists the plans on offer.',
    '没有名为“{plan}”的套餐。可通过 GET /plans 查看在售套餐。',
  ),
  unknown_currency: entry(
    400,
    '"{currency}" is not a currency we know. Use an ISO 4217 code such as USD.',
    '无法识别币种“{currency}”。请使用 ISO 4217 代码，例如 USD。',
  ),
  unknown_metric: entry(
    400,
    'The plan {plan} does not measure "{metric}". It measures: {metrics}.',
    '套餐 {plan} 不计量“{metric}”。可计量项：{metrics}。',
  ),
  unknown_coupon: entry(400, 'There is no coupon "{coupon}".', '没有优惠券“{coupon}”。'),
  invalid_period: entry(
    400,
    '"{period}" is not a period. Use day, week, month, quarter, year, 2026, 2026-Q4, 2026-11, 2026-W47 or 2026-11-23.',
    '无法识别期间“{period}”。可用：day、week、month、quarter、year、2026、2026-Q4、2026-11、2026-W47 或 2026-11-23。',
  ),
  invalid_cursor: entry(
    400,
    'The cursor does not belong to this list. Start again without it.',
    'cursor 不属于此列表，请去掉后重新开始。',
  ),
  invalid_timestamp: entry(
    400,
    'The time {value} cannot be used here: {reason}.',
    '时间 {value} 无法在此使用：{reason}。',
  ),
  invalid_signature: entry(
    400,
    'The signature of this webhook does not match its body. Check the signing secret.',
    '事件推送的签名与内容不符，请检查签名密钥。',
  ),
  unauthenticated: entry(
    401,
    'Sign in first: send a valid token as "Authorization: Bearer ...". ({reason})',
    '请先登录：以“Authorization: Bearer ...”发送有效令牌。（{reason}）',
  ),
  payment_declined: entry(402, '{sentence} Nothing was charged.', '{sentenceZh}未产生费用。'),
  forbidden: entry(
    403,
    'Your role does not allow this. It needs: {needed}.',
    '您的角色无权执行此操作，需要：{needed}。',
  ),
  operator_only: entry(
    403,
    'Only the issuer’s operators may do this. Ask the issuer.',
    '仅收款方的运营人员可执行此操作，请联系收款方。',
  ),
  not_found: entry(404, 'There is no such {noun}.', '未找到该{nounZh}。'),
  tenant_required: entry(
    400,
    'Name the tenant: send its id in the X-Tenant-Id header.',
    '请指定租户：在 X-Tenant-Id 请求头中发送租户标识。',
  ),
  reason_required: entry(
    400,
    'Say why: send the reason in the X-Reason header. This deployment asks it of operators who act on a tenant.',
    '请说明原因：在 X-Reason 请求头中发送。该部署要求运营人员对租户执行操作时注明原因。',
  ),
  fapiao_blue_missing: entry(
    409,
    'Record the blue fapiao of invoice {invoiceNumber} first: a red one takes it back.',
    '请先登记账单 {invoiceNumber} 的蓝字发票：红字发票须对应蓝字发票。',
  ),
  fapiao_reversed: entry(
    409,
    'A red fapiao points at {number}; it can no longer be changed.',
    '已有红字发票对应 {number}，不可再修改。',
  ),
  fapiao_number_taken: entry(
    409,
    'The fapiao number {number} is recorded for {documentNumber}.',
    '发票号码 {number} 已登记于 {documentNumber}。',
  ),
  too_many_keys: entry(
    409,
    'There are {count} keys in force, which is the most. Revoke one first.',
    '有效密钥已达上限（{count} 个），请先撤销一个。',
  ),
  idempotency_conflict: entry(
    409,
    'This Idempotency-Key was used with another request body. Use a new key for a new request.',
    '该 Idempotency-Key 已用于另一请求内容。新请求请使用新的键。',
  ),
  idempotency_in_progress: entry(
    409,
    'The first request with this Idempotency-Key is still running. Try again in a moment.',
    '使用该 Idempotency-Key 的首个请求仍在处理，请稍后重试。',
  ),
  plan_required: entry(
    409,
    '{plan} is an add-on: it is sold beside a live subscription to one of {plans}.',
    '{plan} 是附加套餐，须先拥有以下套餐之一的有效订阅：{plans}。',
  ),
  currency_locked: entry(
    409,
    'The tenant is billed in {currency} while subscription {subscriptionId} is live. End it first to change the currency.',
    '订阅 {subscriptionId} 有效期间以 {currency} 计费。如需更换币种，请先结束该订阅。',
  ),
  subscription_exists: entry(
    409,
    'There is already a live subscription ({subscriptionId}, {status}) to plans of this family. Change it instead.',
    '已有同系列套餐的有效订阅（{subscriptionId}，{status}）。请变更该订阅。',
  ),
  subscription_not_active: entry(
    409,
    'The subscription is {status}; this needs it to be {needed}.',
    '订阅状态为 {status}，此操作要求状态为 {needed}。',
  ),
  subscription_ended: entry(
    409,
    'The subscription ended on {endedAt} and cannot come back. Create a new one.',
    '订阅已于 {endedAt} 结束，无法恢复。请新建订阅。',
  ),
  change_pending: entry(
    409,
    'A change to {plan} is waiting for its payment. Pay or void invoice {invoiceId} first.',
    '变更为 {plan} 正在等待付款。请先支付或作废账单 {invoiceId}。',
  ),
  quote_expired: entry(
    409,
    'Prices were fixed until {expiresAt}. Ask for a new quote.',
    '该报价已于 {expiresAt} 失效，请重新获取报价。',
  ),
  quote_mismatch: entry(
    409,
    'This quote was made for another change. Ask for a new quote.',
    '该报价对应的是另一项变更，请重新获取报价。',
  ),
  quote_changed: entry(
    409,
    'Since the quote was made something has changed: {changed}. Ask for a new quote.',
    '报价之后以下内容已变化：{changedZh}。请重新获取报价。',
  ),
  quote_used: entry(
    409,
    'This quote was confirmed already. Ask for a new quote for a further change.',
    '该报价已被确认。如需再次变更，请重新获取报价。',
  ),
  usage_closed: entry(
    409,
    'The subscription ended on {endedAt} and its final invoice is issued, so this usage cannot be billed any more. Charge it with a manual invoice.',
    '订阅已于 {endedAt} 结束，最终账单已开具，此用量无法再计费。请通过手动账单收取。',
  ),
  quota_exceeded: entry(
    409,
    'The plan {plan} includes {included} {metric} and this would make {total}. Upgrade to use more.',
    '套餐 {plan} 包含 {included} {metric}，此次用量将达到 {total}。如需更多请升级。',
  ),
  coupon_expired: entry(409, 'The coupon {coupon} is no longer valid.', '优惠券 {coupon} 已失效。'),
  coupon_not_applicable: entry(
    409,
    'The coupon {coupon} does not apply here: {reason}.',
    '优惠券 {coupon} 不适用：{reasonZh}。',
  ),
  payment_method_required: entry(
    409,
    'There is no payment method to charge. Add one first.',
    '没有可用于扣款的支付方式，请先添加。',
  ),
  payment_method_in_use: entry(
    409,
    'This method pays for {plan}. Add or choose another one first.',
    '该支付方式正用于支付 {plan}，请先添加或选择其他支付方式。',
  ),
  payment_method_not_usable: entry(
    409,
    'This payment method is {status} and cannot be used.',
    '该支付方式状态为 {status}，无法使用。',
  ),
  payment_method_attached_elsewhere: entry(
    409,
    'This payment method already belongs to another account. Use a new one.',
    '该支付方式已属于其他账户，请使用新的支付方式。',
  ),
  verification_mismatch: entry(
    400,
    'That does not match the deposits on the statement of this account. {triesLeft} tries are left.',
    '与该账户对账单上的入账不符，还可尝试 {triesLeft} 次。',
  ),
  verification_closed: entry(
    409,
    'This account waits for no verification any more; it is {status}. If it failed, add the account again.',
    '该账户已无需验证，当前状态为 {status}。若验证失败，请重新添加该账户。',
  ),
  payment_in_progress: entry(
    409,
    'A payment of this invoice is still running ({transactionId}). Wait for its result; do not pay again.',
    '该账单有付款正在处理（{transactionId}）。请等待结果，勿重复支付。',
  ),
  invoice_not_draft: entry(
    409,
    'The invoice is {status}; only a draft can be changed or deleted.',
    '账单状态为 {status}，仅草稿可以修改或删除。',
  ),
  invoice_not_open: entry(
    409,
    'The invoice is {status}; this needs an open invoice.',
    '账单状态为 {status}，此操作要求账单待支付。',
  ),
  invoice_already_paid: entry(409, 'The invoice is already paid.', '账单已支付。'),
  invoice_has_payments: entry(
    409,
    'The invoice already carries payments. Refund them or issue a credit note instead.',
    '账单已有付款，请退款或开具贷记单。',
  ),
  nothing_to_pay: entry(409, 'Nothing is due on this invoice.', '该账单没有待付金额。'),
  refund_exceeds_payment: entry(
    409,
    'At most {refundable} {currency} of this payment can still be refunded.',
    '该笔付款最多还可退款 {refundable} {currency}。',
  ),
  transaction_not_reversible: entry(
    409,
    'Only a whole payment that was recorded by hand can be reversed; this {type} ({processor}) is {status}. Refund it, or cancel its refund first.',
    '只能撤销手工登记且未退款的付款；该 {type}（{processor}）状态为 {status}。请改为退款，或先撤销其退款。',
  ),
  transaction_not_refundable: entry(
    409,
    'This transaction is a {type} with status {status}; only a succeeded payment can be refunded.',
    '该交易类型为 {type}、状态为 {status}；仅成功的付款可以退款。',
  ),
  payment_disputed: entry(
    409,
    'The payer’s bank disputes {disputed} {currency} of this payment. A refund now could give the money back twice; answer the dispute instead.',
    '付款人的银行正对该笔付款中的 {disputed} {currency} 提出争议。此时退款可能导致重复退还，请改为回应争议。',
  ),
  dispute_closed: entry(
    409,
    'The dispute is {status} and takes no more evidence.',
    '争议状态为 {status}，不再接受证据。',
  ),
  drift_not_open: entry(409, 'This difference is {state} already.', '该差异的状态已是 {state}。'),
  drift_remains: entry(
    409,
    'The difference in {field} cannot be settled this way ({ours} here, {theirs} there). Explain it instead.',
    '{field} 的差异无法以此方式解决（我方 {ours}，对方 {theirs}）。请改为填写说明。',
  ),
  too_many_exports: entry(
    409,
    'There are already {max} exports waiting or running. Fetch or await one of them first.',
    '已有 {max} 个导出任务在排队或进行中，请等待其中一个完成后再试。',
  ),
  period_not_over: entry(
    409,
    'The period {period} can be closed from {time}, an hour after its end.',
    '账期 {period} 须在结束一小时后（{time} 起）方可关账。',
  ),
  erasure_blocked: entry(
    409,
    'Personal data cannot be erased while {what}. End, settle or void it first.',
    '{whatZh}，暂不能抹除个人数据。请先将其结束、结清或作废。',
  ),
  approval_needs_another: entry(
    403,
    'You asked for this yourself: somebody else has to agree.',
    '此操作由您本人提出，须由他人审批。',
  ),
  approval_decided: entry(
    409,
    'This was decided before: it is {status}.',
    '该审批已有结果：{status}。',
  ),
  approval_expired: entry(
    409,
    'Nobody agreed in time, so this is void. Ask anew if it is still wanted.',
    '该申请逾期未审批，已失效。如仍需要，请重新提出。',
  ),
  approval_outdated: entry(
    409,
    'It was asked for {asked} {currency}, but now comes to {now} {currency}. Decline it and ask anew.',
    '申请金额为 {asked} {currency}，现已变为 {now} {currency}。请驳回后重新提出。',
  ),
  e_invoice_incomplete: entry(
    409,
    'This document cannot be an electronic invoice (EN 16931) yet. Missing: {missing}.',
    '该单据尚不能生成电子发票文件（EN 16931），缺少：{missing}。',
  ),
  version_conflict: entry(
    409,
    'Somebody else changed this at the same moment. Read it again and repeat.',
    '该对象刚被其他人修改，请重新读取后再试。',
  ),
  already_exists: entry(409, 'This already exists.', '该对象已存在。'),
  body_too_large: entry(413, 'The body is over {limit}.', '请求内容超过 {limit}。'),
  unsupported_media_type: entry(
    415,
    'Send the body as application/json.',
    '请以 application/json 发送请求内容。',
  ),
  method_not_allowed: entry(
    405,
    'This address does not take {method}.',
    '该地址不支持 {method} 方法。',
  ),
  rate_limited: entry(
    429,
    'Too many requests. Try again in {seconds} s.',
    '请求过于频繁，请在 {seconds} 秒后重试。',
  ),
  test_clock_unavailable: entry(
    409,
    'This deployment moves real money, so time cannot be moved. Use the sandbox or a Stripe test key.',
    '该部署处理真实资金，不能调整时间。请使用沙盒或 Stripe 测试密钥。',
  ),
  tenant_has_records: entry(
    409,
    'The tenant is in use already ({kind}). Only a tenant without records gets a clock of its own.',
    '该租户已有业务记录（{kind}）。只有尚无记录的租户才能拥有独立时钟。',
  ),
  not_a_test_tenant: entry(
    409,
    'The tenant lives in real time. POST /test-clock gives a new tenant a clock of its own.',
    '该租户使用真实时间。可通过 POST /test-clock 为新租户设置独立时钟。',
  ),
  clock_only_forward: entry(
    409,
    'The clock stands at {now} and only moves forward.',
    '时钟当前为 {now}，只能向前调整。',
  ),
  clock_moving: entry(
    409,
    'Another request is moving the clock of this tenant. Wait for its answer.',
    '另一请求正在调整该租户的时钟，请等待其完成。',
  ),
  price_not_mapped: entry(
    409,
    'The plan {plan} has no Stripe price for {billingCycle} in {currency}. Push the plan with `stripePriceId` first.',
    '套餐 {plan} 的 {currency} {billingCycle} 价格尚未对应 Stripe 价格。请先在套餐中设置 `stripePriceId` 并推送。',
  ),
  not_for_mirrored: entry(
    409,
    'Stripe bills this subscription, so here there is no {what}. {instead}',
    '该订阅由 Stripe 计费，此处不支持{whatZh}。{insteadZh}',
  ),
  processor_refused: entry(
    409,
    'Stripe did not accept this: {message}',
    'Stripe 未接受该操作：{message}',
  ),
  webhook_url_refused: entry(
    400,
    'Nothing can be delivered to {url}: {reason}',
    '无法投递到 {url}：{reasonZh}',
  ),
  unknown_event_type: entry(
    400,
    'There is no event "{type}". GET /webhook-endpoints/events lists them; `invoice.*` and `*` are allowed.',
    '没有名为“{type}”的事件。可通过 GET /webhook-endpoints/events 查看全部事件；也可使用 `invoice.*` 和 `*`。',
  ),
  too_many_endpoints: entry(
    409,
    'There are {count} webhook endpoints already, the most there can be. Delete one first.',
    '已有 {count} 个 webhook 端点，达到上限。请先删除一个。',
  ),
  webhook_endpoint_disabled: entry(
    409,
    'This webhook endpoint is switched off. Enable it first.',
    '该 webhook 端点已停用，请先启用。',
  ),
  not_built_yet: entry(
    501,
    'This is part of the interface but not built yet. docs/status.md says what works today.',
    '该接口已规划但尚未实现。目前可用的功能见 docs/status.md。',
  ),
  overloaded: entry(
    503,
    'This server works on as many requests as it can. Nothing was done for this one; try again in {seconds} s.',
    '服务器正在处理的请求已达上限。本次请求未执行，请在 {seconds} 秒后重试。',
  ),
  unavailable: entry(
    503,
    'A part this needs is not reachable right now ({part}). Nothing was lost; try again shortly.',
    '所需组件暂时无法访问（{part}）。数据未丢失，请稍后重试。',
  ),
} as const satisfies Record<string, RefusalEntry>

export type ContractRefusalCode = keyof typeof refusals
