const files = import.meta.glob<object>(['./en/*.json', '!./en/(import|history|codes).json'], {
  eager: true,
  import: 'default',
})
export default Object.assign({}, ...Object.values(files)) as object
