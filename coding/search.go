package coding

// Index finds passages.
type Index interface{}
