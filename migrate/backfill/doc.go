// Package backfill copies a column's values into its new form while apps go on writing.
//
// [Run] splits the rows into ranges, which workers walk in batches. A batch and its checkpoint
// commit together, so whoever runs the same copy again goes on behind the last batch that
// committed. Between batches it asks whether it was paused and whether a [Throttle] holds it, and
// it sizes the next batch by the time that the last one took. A batch skips rows that others have
// locked. When every range is at its end, what still differs is looked for and written, row by
// row, until a scan of the whole table finds nothing: only then is the copy complete.
//
// How rows are found, locked and written is the dialect's: see [dialects.Copier].
package backfill
