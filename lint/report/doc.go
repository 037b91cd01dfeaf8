// Package report writes what lint found: one file per format, each a function of a writer and a
// [lint.Result].
package report
