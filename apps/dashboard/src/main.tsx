// Starts the dashboard in the page.
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AppContext } from './app-context.ts'
import { type DemoUser, listDemoUsers } from './demo.ts'
import { usePreferences } from './preferences.ts'
import { router } from './router.tsx'
import './dashboard.css'
import { translateFor } from './words/words.ts'

function useDemoUsers(): readonly DemoUser[] | null | undefined {
  const [users, setUsers] = useState<readonly DemoUser[] | null>()
  useEffect(() => {
    listDemoUsers().then(setUsers, () => setUsers(null))
  }, [])
  return users
}

function Dashboard() {
  const { language, theme } = usePreferences()
  const demoUsers = useDemoUsers()
  const app = useMemo(
    () => ({ t: translateFor(language), language, demoUsers }),
    [language, demoUsers],
  )
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = theme
  }, [language, theme])
  return (
    <AppContext value={app}>
      <RouterProvider router={router} />
    </AppContext>
  )
}

const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Dashboard />
    </StrictMode>,
  )
}
