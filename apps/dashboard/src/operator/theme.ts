// Ant Design in the colours of the house. Its algorithms repaint what they are seeded with, so the
// palette is laid over their result, and the aliases they derive with transparency are named here.
import { type ThemeConfig, theme } from 'antd'

export type Look = 'light' | 'dark'

const palettes = {
  light: {
    colorBgLayout: '#faf9f6',
    colorBgContainer: '#ffffff',
    colorBgElevated: '#ffffff',
    colorFillAlter: '#f3f1ec',
    colorFillTertiary: '#f3f1ec',
    colorFillSecondary: '#e3dfd6',
    colorBorder: '#8c867a',
    colorBorderSecondary: '#e3dfd6',
    colorText: '#1d2321',
    colorTextSecondary: '#55605b',
    colorTextTertiary: '#626b66',
    colorTextQuaternary: '#626b66',
    colorPrimary: '#0f6b5c',
    colorPrimaryHover: '#0b5a4d',
    colorPrimaryActive: '#084a3f',
    colorPrimaryBg: '#e6f1ee',
    colorPrimaryBgHover: '#e6f1ee',
    colorPrimaryBorder: '#0f6b5c',
    colorPrimaryText: '#0f6b5c',
    colorPrimaryTextHover: '#0b5a4d',
    colorLink: '#0f6b5c',
    colorLinkHover: '#0b5a4d',
    colorSuccess: '#1e6b3a',
    colorSuccessBg: '#e7f3ea',
    colorWarning: '#8a5300',
    colorWarningBg: '#fbf0dc',
    colorError: '#a8261e',
    colorErrorBg: '#fbe9e7',
    colorErrorHover: '#a8261e',
    colorErrorText: '#a8261e',
    colorInfo: '#1f5fa8',
    colorInfoBg: '#e8f0fa',
  },
  dark: {
    colorBgLayout: '#121614',
    colorBgContainer: '#1a1f1d',
    colorBgElevated: '#1a1f1d',
    colorFillAlter: '#0e1110',
    colorFillTertiary: '#0e1110',
    colorFillSecondary: '#2e3532',
    colorBorder: '#7c8781',
    colorBorderSecondary: '#2e3532',
    colorText: '#e9ece9',
    colorTextSecondary: '#b4bdb8',
    colorTextTertiary: '#939d98',
    colorTextQuaternary: '#939d98',
    colorPrimary: '#4fc0aa',
    colorPrimaryHover: '#6fd0bd',
    colorPrimaryActive: '#3aa893',
    colorPrimaryBg: '#15302a',
    colorPrimaryBgHover: '#15302a',
    colorPrimaryBorder: '#4fc0aa',
    colorPrimaryText: '#4fc0aa',
    colorPrimaryTextHover: '#6fd0bd',
    colorLink: '#5cc4af',
    colorLinkHover: '#6fd0bd',
    colorSuccess: '#7ccb95',
    colorSuccessBg: '#16291d',
    colorWarning: '#e6b25c',
    colorWarningBg: '#2e2412',
    colorError: '#f2938b',
    colorErrorBg: '#351b19',
    colorErrorHover: '#f2938b',
    colorErrorText: '#f2938b',
    colorInfo: '#86b8f2',
    colorInfoBg: '#152538',
  },
} as const satisfies Record<Look, Record<string, string>>

const fontFamily =
  '"Source Sans 3", system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif'

/** The theme of one look; `isStill` for readers who want no movement. */
export function consoleTheme(look: Look, isStill: boolean): ThemeConfig {
  const palette = palettes[look]
  const onPrimary = look === 'dark' ? '#06211c' : '#ffffff'
  const base = look === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm
  return {
    algorithm: [base, (_, map) => ({ ...map!, ...palette })],
    token: {
      fontFamily,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: 34,
      motion: !isStill,
      colorTextPlaceholder: palette.colorTextTertiary,
      colorTextDescription: palette.colorTextSecondary,
      colorTextDisabled: palette.colorTextTertiary,
      colorTextLightSolid: onPrimary,
      colorSplit: palette.colorBorderSecondary,
      colorIcon: palette.colorTextSecondary,
      boxShadowTertiary: 'none',
    },
    components: {
      Table: {
        borderRadius: 0,
        headerBorderRadius: 0,
        headerBg: palette.colorBgLayout,
        headerColor: palette.colorTextSecondary,
        headerSortActiveBg: palette.colorFillAlter,
        headerSortHoverBg: palette.colorFillAlter,
        bodySortBg: 'transparent',
        headerSplitColor: 'transparent',
        rowHoverBg: palette.colorFillAlter,
        cellPaddingBlockSM: 7,
        cellPaddingInlineSM: 10,
        colorBgContainer: palette.colorBgContainer,
      },
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: onPrimary,
        dangerColor: onPrimary,
        solidTextColor: onPrimary,
      },
      Drawer: { paddingLG: 20 },
    },
  }
}
