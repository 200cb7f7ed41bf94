package api

// Unmarshal is how requests read JSON, for the fuzz test.
var Unmarshal = unmarshal
