const files = import.meta.glob<object>(['./da/*.json', '!./da/import.json', '!./da/problems.json'], {
  eager: true,
  import: 'default',
})
export default Object.assign({}, ...Object.values(files)) as object
