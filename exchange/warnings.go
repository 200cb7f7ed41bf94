package exchange

// What readers of several formats have to say, in the same words.
var (
	warnHidden   = Warning{Code: "hidden_left_out", Sentence: "This file holds hidden text. It is left out."}
	warnDeleted  = Warning{Code: "deleted_left_out", Sentence: "This file holds text that is marked as deleted. It is left out."}
	warnObjects  = Warning{Code: "objects_left_out", Sentence: "This file holds pictures, charts or other objects. They are left out; their captions are kept."}
	warnSymbols  = Warning{Code: "symbols_left_out", Sentence: "This file holds symbols of a font that can't be told apart without it. They are left out."}
	warnComments = Warning{Code: "comments_left_out", Sentence: "This file has more comments than can be kept. The last ones are left out."}
	warnCutShort = Warning{Code: "file_cut_short", Sentence: "This file ends in its midst. What there is of it was read; look whether something is missing."}
)
