// Text assets are imported as strings; the builder and the test runner both know these endings.
declare module '*.sql' {
  const text: string
  export default text
}
declare module '*.typ' {
  const text: string
  export default text
}
