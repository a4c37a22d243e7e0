// Our own work: what there is, when it last ran, what it did, and running it now.
import {
  ErrorCard,
  TableSkeleton,
  type Tone,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { Button } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { useJobRuns, useJobs } from '../data/operations.ts'
import type { JobRow, JobRunRow } from '../data/wire.ts'
import { Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { scheduleText } from '../parts/schedule.ts'
import { ToneChip } from '../parts/tone-chip.tsx'
import type { Translate } from '../words/catalogue.ts'
import { jobWord } from '../words/jobs.ts'
import { useWords } from '../words/words.ts'

const tones: Readonly<Record<string, Tone>> = { running: 'info', done: 'good', failed: 'bad' }

function RunState({ state }: { readonly state: string }): ReactNode {
  const t = useWords()
  const known = (['running', 'done', 'failed'] as const).find(each => each === state)
  return known ? <ToneChip tone={tones[known] ?? 'neutral'}>{t(`job.${known}`)}</ToneChip> : state
}

/** What a run did: names and counts, those of nothing left out. */
const countsText = (counts: Readonly<Record<string, number>>, t: Translate): string =>
  Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => {
      const word = jobWord('jobCount', name)
      return `${word === null ? name : t(word)} ${count}`
    })
    .join(t('job.and')) || t('job.nothing')

/** What the job does, and beneath it the name that the command line knows. */
function JobName({ name }: { readonly name: string }): ReactNode {
  const t = useWords()
  const word = jobWord('jobSays', name)
  if (word === null) return <PeekButton id={name}>{name}</PeekButton>
  return (
    <span className="op-prose">
      <PeekButton id={name}>{t(word)}</PeekButton> <code className="qt-code">{name}</code>
    </span>
  )
}

function RunNow({ name }: { readonly name: string }): ReactNode {
  const t = useWords()
  const run = useWrite((client, job: string, options) => client.runJob(job, options))
  return (
    <>
      <Button size="small" loading={run.isPending} onClick={() => run.mutate(name)}>
        {t('job.run')}
      </Button>
      <span className="qt-small" role="status">
        {run.data
          ? run.data.state === 'done'
            ? t('job.ran', { counts: countsText(run.data.counts, t) })
            : t('job.runsOn')
          : null}
      </span>
      {run.error ? <ErrorCard of="action" error={run.error} /> : null}
    </>
  )
}

function useColumns(): readonly Column<JobRow>[] {
  const t = useWords()
  return useMemo<readonly Column<JobRow>[]>(
    () => [
      {
        key: 'name',
        header: t('job.name'),
        slot: 'title',
        cell: row => <JobName name={row.name} />,
        plain: row => row.name,
      },
      {
        key: 'schedule',
        header: t('job.schedule'),
        cell: row => (row.at ? scheduleText(row.at, t) : t('job.always')),
        plain: row => row.at,
      },
      {
        key: 'state',
        header: t('job.lastResult'),
        slot: 'status',
        cell: row => (row.lastRun ? <RunState state={row.lastRun.state} /> : t('job.never')),
        plain: row => row.lastRun?.state ?? null,
      },
      {
        key: 'lastRun',
        header: t('job.lastRun'),
        slot: 'note',
        cell: row => <Time at={row.lastRun?.startedAt ?? null} />,
        plain: row => row.lastRun?.startedAt ?? null,
      },
      {
        key: 'counts',
        header: t('job.counts'),
        cell: row => (
          <span className="op-prose">{row.lastRun ? countsText(row.lastRun.counts, t) : '—'}</span>
        ),
        plain: row => (row.lastRun ? countsText(row.lastRun.counts, t) : null),
      },
      {
        key: 'run',
        header: t('job.act'),
        slot: 'amount',
        cell: row => <RunNow name={row.name} />,
        plain: null,
      },
    ],
    [t],
  )
}

function useRunColumns(): readonly Column<JobRunRow>[] {
  const t = useWords()
  return useMemo<readonly Column<JobRunRow>[]>(
    () => [
      {
        key: 'startedAt',
        header: t('job.started'),
        slot: 'title',
        cell: row => <Time at={row.startedAt} />,
        plain: row => row.startedAt,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <RunState state={row.state} />,
        plain: row => row.state,
      },
      {
        key: 'counts',
        header: t('job.counts'),
        slot: 'note',
        cell: row => (row.error ? <bdi>{row.error}</bdi> : countsText(row.counts, t)),
        plain: row => row.error ?? countsText(row.counts, t),
      },
      {
        key: 'endedAt',
        header: t('job.ended'),
        cell: row => <Time at={row.endedAt} />,
        plain: row => row.endedAt,
      },
    ],
    [t],
  )
}

function Runs({ job }: { readonly job: string }): ReactNode {
  const t = useWords()
  const word = jobWord('jobSays', job)
  const peek = usePeek()
  return (
    <PeekDrawer title={word === null ? job : t(word)} onClose={peek.close}>
      <RecordList
        caption={t('job.runs')}
        pages={useJobRuns(job)}
        columns={useRunColumns()}
        rowKey={row => row.id}
        exportName={`runs-${job}`}
        empty={{ title: t('job.never') }}
      />
    </PeekDrawer>
  )
}

export function JobsPage(): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const jobs = useJobs()
  const columns = useColumns()
  const peek = usePeek()
  const due = jobs.data?.dueNotBilled
  return (
    <ConsolePage title={t('job.title')} intro={t('job.intro')}>
      {due === undefined ? null : (
        <p className="op-state" lang={reader.language}>
          <ToneChip tone={due === 0 ? 'good' : 'bad'}>{t('job.due', { count: due })}</ToneChip>
          <span className="qt-secondary">{t('job.dueHint')}</span>
        </p>
      )}
      {jobs.error ? <ErrorCard error={jobs.error} onRetry={() => jobs.refetch()} /> : null}
      {jobs.data ? (
        <RecordList
          caption={t('job.title')}
          pages={{ items: jobs.data.data, error: null, refetch: jobs.refetch }}
          columns={columns}
          rowKey={row => row.name}
          exportName="jobs"
          empty={{ title: t('job.never') }}
        />
      ) : null}
      {!jobs.data && !jobs.error ? <TableSkeleton rows={10} /> : null}
      {peek.id ? <Runs key={peek.id} job={peek.id} /> : null}
    </ConsolePage>
  )
}
